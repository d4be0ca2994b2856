import Kernels

/// A task whose answer follows its question after a chosen number of steps, with no hint in
/// between: back-propagation through time learns it only if its gradients reach that far.
package protocol LongLagTask: Sendable {
  var vocabularySize: Int { get }
  /// The tokens that can be an answer, all equally likely.
  var answers: Range<UInt16> { get }

  /// A sequence whose question and answer have at least `lag` tokens between them.
  func sequence(lag: Int, using stream: inout RandomStream) -> LongLagSequence
}

/// Tokens in order, and the positions of those that only a much earlier token determines.
package struct LongLagSequence: Sendable {
  package let tokens: [UInt16]
  package let answerPlaces: [Int]
}

extension LongLagTask {
  /// At least `count` tokens of consecutive sequences, each with the smaller of two lags drawn from
  /// `lags`.
  ///
  /// Long lags are learned from short ones: at the beginning no gradient reaches far.
  package func tokens(count: Int, lags: ClosedRange<Int>, seed: UInt64) -> [UInt16] {
    var stream = RandomStream(seed: seed, purpose: 2)
    var tokens: [UInt16] = []
    while tokens.count < count {
      let lag = min(
        Int.random(in: lags, using: &stream), Int.random(in: lags, using: &stream))
      tokens += sequence(lag: lag, using: &stream).tokens
    }
    return tokens
  }
}
