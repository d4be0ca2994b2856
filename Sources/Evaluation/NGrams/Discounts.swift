/// The discounts subtracted from counts of one, two, and three or more, in favor of unseen n-grams.
///
/// They are those of modified Kneser-Ney smoothing (Chen & Goodman 1998, "An empirical study of
/// smoothing techniques for language modeling", equation 26), estimated from the numbers of n-grams
/// with each count. If too few n-grams have one of the counts 1 to 4, as among single characters,
/// all counts have the single discount of Ney, Essen & Kneser 1994.
struct Discounts: Sendable, Equatable {
  /// By count, from 1; the last one is for all counts of 3 or more.
  let values: [Double]

  /// The discount if not even the single one can be estimated.
  private static let fallback = 0.5

  /// - Parameter counts: of all n-grams of one order; zeros are ignored.
  init(_ counts: [UInt32]) {
    var numbers = [0.0, 0, 0, 0]
    for count in counts where 1...4 ~= count { numbers[Int(count) - 1] += 1 }
    let single = numbers[0] / (numbers[0] + 2 * numbers[1])
    let isSingleUsable = numbers[0] > 0 && numbers[1] > 0
    let modified = (0..<3).map { (index: Int) -> Double in
      let (count, ratio) = (Double(index + 1), numbers[index + 1] / numbers[index])
      return count - (count + 1) * single * ratio
    }
    let isModifiedUsable =
      isSingleUsable && numbers.allSatisfy { $0 > 0 }
      && modified.enumerated().allSatisfy { $1 > 0 && $1 <= Double($0 + 1) }
    values =
      isModifiedUsable
      ? modified : Array(repeating: isSingleUsable ? single : Self.fallback, count: 3)
  }

  /// The discount of a count of at least 1.
  @inline(__always)
  subscript(count: UInt32) -> Double { values[Int(min(count, 3)) - 1] }
}
