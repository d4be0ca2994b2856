import Foundation
import Kernels
import Testing

@Suite struct NormalNumberTests {
  /// Moments and tails of the standard normal distribution.
  @Test func numbersAreNormal() {
    var stream = RandomStream(seed: 1)
    let count = 20_000
    let values = (0..<count).map { _ in stream.nextNormal() }
    func mean(_ f: (Double) -> Double) -> Double { values.reduce(0) { $0 + f($1) } / Double(count) }
    // Five standard deviations of the means of x, x^2, x^3 and x^4: sqrt(1, 2, 15, 96 / n).
    #expect(abs(mean { $0 }) < 0.036)
    #expect(abs(mean { $0 * $0 } - 1) < 0.050)
    #expect(abs(mean { $0 * $0 * $0 }) < 0.14)
    #expect(abs(mean { $0 * $0 * $0 * $0 } - 3) < 0.35)
    for (bound, share) in [(1.0, 0.3173105), (2, 0.0455003), (3, 0.0026998)] {
      let deviation = (share * (1 - share) / Double(count)).squareRoot()
      #expect(abs(mean { abs($0) > bound ? 1 : 0 } - share) < 5 * deviation, "\(bound)")
    }
    #expect(Set(values).count == count)
  }

  @Test func theSeedDecidesTheNumbers() {
    func numbers(_ seed: UInt64) -> [Double] {
      var stream = RandomStream(seed: seed)
      return (0..<100).map { _ in stream.nextNormal() }
    }
    #expect(numbers(1) == numbers(1))
    #expect(numbers(1) != numbers(2))
  }

  @Test func theLogarithmIsThatOfTheMathLibrary() {
    var stream = RandomStream(seed: 2)
    let bounds: [Double] = [
      1, 2, 0.5, 2.0.squareRoot(), 2.0.squareRoot().nextUp, 0.5.squareRoot(), 1.0.nextUp,
      1.0.nextDown, 0x1p-104, .leastNormalMagnitude, .greatestFiniteMagnitude,
    ]
    for x in bounds + (0..<2_000).map({ _ in stream.nextUniform() + 0x1p-60 }) {
      let expected = log(x)
      // 1.5 units in the last place, of 2^-53 each; libm's own may be off by one.
      #expect(abs(naturalLogarithm(x) - expected) <= 4e-16 * abs(expected), "\(x)")
    }
  }
}
