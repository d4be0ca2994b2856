import Kernels
import ModelFiles
import RecurrentNetwork
import Reporting
import Tokenization

/// What a training run begins with: new weights for the vocabulary of its texts, or a model that learns what it
/// does not know of them.
struct InitialModel {
  let tokenizer: Tokenizer
  let network: NetworkConfiguration
  /// The model to go on from, with a row for each token of `tokenizer`.
  let model: TextModel?
  /// What became of the model's vocabulary, for people.
  let additions: String?

  /// A new model.
  /// - Throws: `TokenizationError` or `StorageError`.
  init(
    _ texts: TrainingTexts, _ configuration: TokenizerConfiguration, _ options: NetworkOptions
  ) throws {
    tokenizer = try Tokenizer.fit(
      texts.sources, configuration: configuration, invalidUTF8: texts.invalidUTF8)
    network = options.configuration(vocabularySize: tokenizer.vocabularySize)
    (model, additions) = (nil, nil)
  }

  /// A model that goes on.
  /// - Throws: `TokenizationError` or `StorageError`.
  init(
    _ origin: TextModel, _ texts: TrainingTexts, minimumCount: Int?, seed: UInt64,
    processor: Processor
  ) throws {
    let tokenizer = try origin.tokenizer.extended(
      by: texts.sources, minimumCount: minimumCount, invalidUTF8: texts.invalidUTF8)
    let model = origin.extended(to: tokenizer, seed: seed, processor: processor)
    self.tokenizer = tokenizer
    network = model.weights.configuration
    self.model = model
    additions = Self.additions(of: tokenizer, since: origin.tokenizer.vocabularySize)
  }

  private static let shownUnitCount = 60

  private static func additions(of tokenizer: Tokenizer, since oldSize: Int) -> String {
    let units = (oldSize..<tokenizer.vocabularySize).map {
      visible(tokenizer.vocabulary.spelling(of: TokenID($0)))
    }
    guard !units.isEmpty else {
      return "no new characters, vocabulary of \(oldSize.grouped) as before."
    }
    return "\(units.count.grouped) new character\(units.count == 1 ? "" : "s") "
      + "behind the \(oldSize.grouped) tokens that it has: "
      + units.prefix(shownUnitCount).joined(separator: " ")
      + (units.count > shownUnitCount ? " ..." : "")
  }
}
