import ModelFiles
import Tokenization

/// Which tokens of a corpus are trained on and which the network is validated with.
package struct TokenSplit: Equatable {
  /// Places of tokens to predict in training.
  package let training: TokenPositions
  /// Places of tokens to predict in validation; empty where the text is too short for it.
  package let validation: TokenPositions

  /// Fewer tokens than these say nothing.
  package static let shortestValidation = 16
  /// Tokens of a block that is kept for validation.
  package static let blockLength = 10_000
  /// In a short text smaller blocks are kept, so that there are about so many.
  package static let leastBlockCount = 10
  /// But of what lies before a block, little must count in it.
  package static let shortestBlock = 250

  /// - Parameters:
  ///   - tokenCount: all tokens, the begin-of-text token before the first text among them.
  ///   - validationFraction: the share, in 0 ..< 1, of the tokens to predict that is kept for validation, rounded
  ///     up.
  ///   - validationSplit: where that share lies.
  package init(
    tokenCount: Int, validationFraction: Double, validationSplit: ValidationSplit = .tail
  ) {
    let kept = Self.trainingCount(tokenCount: tokenCount, validationFraction: validationFraction)
    let tail = max(1, tokenCount) - 1 - kept
    let blockCount =
      switch validationSplit {
      case .tail: 1
      case .interleaved: Self.blockCount(validationCount: tail)
      }
    // As many turns, each of some training and some validation, as equal as they can be.
    var training: [Range<Int>] = []
    var validation: [Range<Int>] = []
    var place = 1
    for block in 0..<blockCount {
      let middle = place + Self.share(block, of: blockCount, kept)
      training.append(place..<middle)
      place = middle + Self.share(block, of: blockCount, tail)
      validation.append(middle..<place)
    }
    self.training = TokenPositions(training)
    self.validation = TokenPositions(validation)
  }

  /// How many tokens are trained on, wherever those of the validation lie.
  static func trainingCount(tokenCount: Int, validationFraction: Double) -> Int {
    let targetCount = max(0, tokenCount - 1)
    let kept = Int((Double(targetCount) * (1 - validationFraction)).rounded(.down))
    return targetCount - kept >= shortestValidation && kept > 0 ? kept : targetCount
  }

  private static func blockCount(validationCount: Int) -> Int {
    let wanted = max(leastBlockCount, validationCount / blockLength)
    return max(1, min(wanted, validationCount / shortestBlock))
  }

  /// What part `index` of `count` gets where `total` is shared out: the first ones one more.
  private static func share(_ index: Int, of count: Int, _ total: Int) -> Int {
    total / count + (index < total % count ? 1 : 0)
  }

  /// The split of a corpus.
  /// - Parameter name: what messages call it.
  /// - Throws: `TrainingError.textTooShort`.
  init(
    _ tokens: TokenFile, name: String, validationFraction: Double, validationSplit: ValidationSplit
  ) throws {
    guard tokens.count >= 3 else {
      throw TrainingError.textTooShort(name: name, characterCount: max(0, tokens.count - 1))
    }
    self.init(
      tokenCount: tokens.count, validationFraction: validationFraction,
      validationSplit: validationSplit)
  }
}
