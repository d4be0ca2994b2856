/// What is taken from counts of one, two, and three or more, to be given to what was not seen.
///
/// Those of modified Kneser-Ney smoothing (Chen & Goodman 1998, "An empirical study of smoothing techniques for
/// language modeling", equation 26), estimated from how many n-grams have which count. Where too few have one
/// of the counts 1 to 4, as among single characters, the one discount of Ney, Essen & Kneser 1994 for all.
struct Discounts: Sendable, Equatable {
  /// By count, from 1; the last one is for all counts from 3 on.
  let values: [Double]

  /// Where not even that can be estimated.
  private static let fallback = 0.5

  /// - Parameter counts: of all n-grams of one order; those that are 0 do not matter.
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

  /// What is taken from a count of at least 1.
  @inline(__always)
  subscript(count: UInt32) -> Double { values[Int(min(count, 3)) - 1] }
}
