import Kernels
import ModelFiles
import Tokenization

/// The intervals that an arithmetic coder assigns to tokens, by the logits of a model.
///
/// With e_i = exp(logit_i - the largest logit), in Float by our own kernel, and their sum S in
/// Double, in the order of the tokens, token i gets
///
/// ```
/// width_i = 1 + floor(e_i (total - 2 V) / S)      total = 2^48
/// ```
///
/// and the most likely token the rest of `total`. So every token can be coded, at most at 33 nats,
/// and the logits' bits decide everything: no library function takes part.
package struct TokenIntervals {
  private var exponentials: [Float] = []
  /// V + 1 bounds: token i has `bounds[i] ..< bounds[i + 1]`.
  package private(set) var bounds: [UInt64] = []

  package init() {}

  func interval(of token: TokenID) -> Range<UInt64> {
    bounds[Int(token)]..<bounds[Int(token) + 1]
  }

  /// Computes the intervals of a row of logits.
  /// - Returns: false if the logits are not finite.
  package mutating func update(_ logits: UnsafeBufferPointer<Float>, kernels: KernelSet) -> Bool {
    guard logits.allSatisfy(\.isFinite), let largest = logits.max() else { return false }
    kernels.softmaxWeights(of: logits, into: &exponentials)
    let sum = exponentials.reduce(0.0) { $0 + Double($1) }
    // Rounding adds less than one to each width, so the reserve is not used up.
    let scale = Double(ArithmeticEncoder.total - 2 * UInt64(logits.count)) / sum
    let widths = exponentials.reduce(UInt64(0)) { $0 + Self.width($1, scale) }
    let rest = ArithmeticEncoder.total - widths
    let likeliest = logits.firstIndex(of: largest)!
    bounds.removeAll(keepingCapacity: true)
    var bound: UInt64 = 0
    for (token, exponential) in exponentials.enumerated() {
      bounds.append(bound)
      bound += Self.width(exponential, scale) + (token == likeliest ? rest : 0)
    }
    bounds.append(bound)
    return true
  }

  private static func width(_ exponential: Float, _ scale: Double) -> UInt64 {
    1 + UInt64(Double(exponential) * scale)
  }
}

/// The intervals of escape symbols, all of the same width.
package enum EscapeIntervals {
  /// floor(total number / EscapeSymbol.count)
  package static func bound(_ number: Int) -> UInt64 {
    let product = ArithmeticEncoder.total.multipliedFullWidth(by: UInt64(number))
    return UInt64(EscapeSymbol.count).dividingFullWidth((product.high, product.low)).quotient
  }

  package static func interval(of symbol: UInt32) -> Range<UInt64> {
    bound(Int(symbol))..<bound(Int(symbol) + 1)
  }
}
