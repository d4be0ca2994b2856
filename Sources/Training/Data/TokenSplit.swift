import ModelFiles
import Tokenization

/// The training part and the validation part of a corpus.
package struct TokenSplit: Equatable {
  /// Positions of the tokens to predict in training.
  package let training: TokenPositions
  /// Positions of the tokens to predict in validation; empty if the text is too short for it.
  package let validation: TokenPositions

  /// The fewest tokens whose score means anything.
  package static let shortestValidation = 16
  /// The tokens of a validation block.
  package static let blockLength = 10_000
  /// The least number of blocks in a short text, whose blocks are smaller.
  package static let leastBlockCount = 10
  /// The shortest block. The context before a block must matter little in it.
  package static let shortestBlock = 250

  /// - Parameters:
  ///   - tokenCount: all tokens, including the begin-of-text token before the first text.
  ///   - validationFraction: the share of the tokens to predict, in 0 ..< 1, that is kept for
  ///     validation; the count is rounded up.
  ///   - validationSplit: the location of that share.
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
    // Blocks of training and of validation alternate; all blocks of a kind are as equal as
    // possible.
    var training: [Range<Int>] = []
    var validation: [Range<Int>] = []
    var position = 1
    for block in 0..<blockCount {
      let middle = position + Self.share(block, of: blockCount, kept)
      training.append(position..<middle)
      position = middle + Self.share(block, of: blockCount, tail)
      validation.append(middle..<position)
    }
    self.training = TokenPositions(training)
    self.validation = TokenPositions(validation)
  }

  /// The number of tokens to train on, whatever the location of the validation tokens.
  static func trainingCount(tokenCount: Int, validationFraction: Double) -> Int {
    let targetCount = max(0, tokenCount - 1)
    let kept = Int((Double(targetCount) * (1 - validationFraction)).rounded(.down))
    return targetCount - kept >= shortestValidation && kept > 0 ? kept : targetCount
  }

  private static func blockCount(validationCount: Int) -> Int {
    let wanted = max(leastBlockCount, validationCount / blockLength)
    return max(1, min(wanted, validationCount / shortestBlock))
  }

  /// The size of part `index` of `count` parts of `total`; the first parts take one more each.
  private static func share(_ index: Int, of count: Int, _ total: Int) -> Int {
    total / count + (index < total % count ? 1 : 0)
  }

  /// Splits a corpus.
  /// - Parameter name: the corpus's name in messages.
  /// - Throws: `TrainingError.textTooShort`.
  init(
    _ tokens: TokenFile, name: String, validationFraction: Double, validationSplit: ValidationSplit
  ) throws {
    guard tokens.count >= 3 else {
      throw TrainingError.textTooShort(name: name, characterCount: tokens.statistics.characterCount)
    }
    self.init(
      tokenCount: tokens.count, validationFraction: validationFraction,
      validationSplit: validationSplit)
  }
}
