import Tokenization

/// The intervals of escape symbols, all of the same width.
package enum EscapeIntervals {
  /// floor(total number / EscapeSymbol.count)
  package static func bound(_ number: Int) -> UInt64 {
    let product = ArithmeticEncoder.total.multipliedFullWidth(by: UInt64(number))
    return UInt64(EscapeSymbol.count).dividingFullWidth((product.high, product.low)).quotient
  }

  package static func interval(of literal: UInt32) -> Range<UInt64> {
    bound(Int(literal))..<bound(Int(literal) + 1)
  }
}
