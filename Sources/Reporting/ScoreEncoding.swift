import Evaluation
import Glibc

/// Costs and candidates of characters as digits of base 36 for the script of a page: for each
/// character three digits of hundredths of a bit, and for each candidate its token and three digits
/// of hundredths of a percent.
struct ScoreEncoding {
  /// Digits of a token.
  let tokenWidth: Int
  private let candidateCount: Int
  private(set) var text = ""
  /// Characters so far.
  private(set) var count = 0

  private static let numberWidth = 3

  init(candidateCount: Int, vocabularySize: Int) {
    self.candidateCount = candidateCount
    var (width, limit) = (1, 36)
    while limit < vocabularySize { (width, limit) = (width + 1, limit * 36) }
    tokenWidth = width
  }

  mutating func append(_ unit: ScoredUnit) {
    // 36^3 hundredths are 466 bits: a scalar costs less; a long unknown cluster is capped.
    append(100 * unit.nats / log(2), width: Self.numberWidth)
    for candidate in unit.candidates.prefix(candidateCount) {
      append(Int(candidate.token), width: tokenWidth)
      append(10_000 * candidate.probability, width: Self.numberWidth)
    }
    count += 1
  }

  /// Appends the nearest number that `width` digits can write; NaN, which no finite model costs,
  /// becomes the largest.
  private mutating func append(_ number: Double, width: Int) {
    let largest = (0..<width).reduce(1.0) { product, _ in product * 36 } - 1
    append(Int(number.isNaN ? largest : max(0, min(number.rounded(), largest))), width: width)
  }

  private mutating func append(_ number: Int, width: Int) {
    let digits = String(number, radix: 36)
    for _ in 0..<width - digits.utf8.count { text += "0" }
    text += digits
  }
}
