import Tokenization

/// Which tokens of a corpus are trained on and which, the contiguous tail, the network is validated with.
package struct TokenSplit: Equatable {
  /// Places of tokens to predict in training.
  package let training: Range<Int>
  /// Places of tokens to predict in validation; empty where the text is too short for a tail.
  package let validation: Range<Int>

  /// A tail of fewer tokens says nothing.
  package static let shortestTail = 16

  /// - Parameters:
  ///   - tokenCount: all tokens, the begin-of-text token before the first text among them.
  ///   - validationFraction: the tail's share of the tokens to predict, in 0 ..< 1, rounded up.
  package init(tokenCount: Int, validationFraction: Double) {
    let targetCount = max(0, tokenCount - 1)
    let kept = Int((Double(targetCount) * (1 - validationFraction)).rounded(.down))
    let tail = targetCount - kept
    let end = tail >= Self.shortestTail && kept > 0 ? tokenCount - tail : tokenCount
    training = 1..<max(1, end)
    validation = end..<tokenCount
  }

  /// The split of a corpus.
  /// - Parameter name: what messages call it.
  /// - Throws: `TrainingError.textTooShort`.
  init(_ tokens: TokenFile, name: String, validationFraction: Double) throws {
    guard tokens.count >= 3 else {
      throw TrainingError.textTooShort(name: name, characterCount: max(0, tokens.count - 1))
    }
    self.init(tokenCount: tokens.count, validationFraction: validationFraction)
  }
}
