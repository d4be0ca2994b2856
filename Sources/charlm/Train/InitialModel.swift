import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// The model that a training run starts from: new weights for the vocabulary of its texts, or a
/// trained model extended by their new characters.
struct InitialModel {
  let tokenizer: Tokenizer
  let network: NetworkConfiguration
  /// The trained model to continue from, with a row for each token of `tokenizer`.
  let model: TextModel?
  /// The changes to the model's vocabulary, for people.
  let additions: String?

  /// A new model.
  /// - Throws: `TokenizationError`, `StorageError` or `UsageError.everythingIsRare`.
  init(
    _ texts: TrainingTexts, _ configuration: TokenizerConfiguration, _ options: NetworkOptions
  ) throws {
    tokenizer = try Tokenizer.fit(
      texts.sources, configuration: configuration, invalidUTF8: texts.invalidUTF8)
    if configuration.minimumCount > 1, tokenizer.vocabularySize <= 2 {
      throw UsageError.everythingIsRare(minimumCount: configuration.minimumCount)
    }
    network = options.configuration(vocabularySize: tokenizer.vocabularySize)
    (model, additions) = (nil, nil)
  }

  /// A trained model, extended.
  /// - Throws: `TokenizationError` or `StorageError`.
  init(
    _ base: TextModel, _ texts: TrainingTexts, minimumCount: Int?, seed: UInt64,
    processor: Processor
  ) throws {
    let tokenizer = try base.tokenizer.extended(
      by: texts.sources, minimumCount: minimumCount, invalidUTF8: texts.invalidUTF8)
    let model = base.extended(to: tokenizer, seed: seed, processor: processor)
    self.tokenizer = tokenizer
    network = model.weights.configuration
    self.model = model
    additions = Self.additions(of: tokenizer, since: base.tokenizer.vocabularySize)
  }

  private static let shownUnitCount = 60

  private static func additions(of tokenizer: Tokenizer, since oldSize: Int) -> String {
    let units = (oldSize..<tokenizer.vocabularySize).map {
      visible(tokenizer.vocabulary.spelling(of: TokenID($0)))
    }
    guard !units.isEmpty else {
      return "no new characters; the vocabulary stays at \(oldSize.grouped) tokens."
    }
    return "\(units.count.grouped) new character\(units.count == 1 ? "" : "s") "
      + "after its \(oldSize.grouped) tokens: "
      + units.prefix(shownUnitCount).joined(separator: " ")
      + (units.count > shownUnitCount ? " ..." : "")
  }
}
