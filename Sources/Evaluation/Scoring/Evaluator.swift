import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// Measures how well a model predicts texts: the code length of each, in nats.
///
/// ```swift
/// let processor = Processor(threadCount: 1)
/// let model = try TextModel(path: "model.safetensors", processor: processor)
/// var evaluator = Evaluator(model, processor: processor)
/// var total = EvaluationResult()
/// for path in ["one.txt", "two.txt"] { total += try evaluator.evaluate(.file(path)) }
/// print(total.bitsPerCharacter, total.perplexityPerWord ?? .nan)
/// ```
///
/// Every token of a text is scored, in order, with all of the text before it:
///
/// ```
/// nats = sum over t of -log p(token_t | endOfText, token_0 ... token_{t-1})
///      + sum over the unknown units of Tokenizer.unknownNats: the choice among all that is unknown
/// ```
///
/// The first token is predicted from `Vocabulary.endOfText` in a zero state; nothing is scored
/// after the last one. The second sum makes the figure one at which the whole text could be written
/// down, so that characters the model never saw cost what they are worth. Long texts are read in
/// lanes whose beginnings are proven (`SequenceScorer`), and in order where observers want candidates.
/// Texts are streamed: memory does not depend on their size. Several models of one tokenizer
/// predict together, by the mean of their probabilities.
public struct Evaluator: ~Copyable {
  private let tokenizer: Tokenizer
  private var network: ScorerEnsemble<SequenceScorer>

  /// How much is read at a time, which is also how often progress is told.
  public static let chunkByteCount = 1 << 14

  /// An evaluator that computes on `processor`.
  /// - Precondition: the model was read or made for the same instruction set.
  public init(_ model: TextModel, processor: Processor) {
    tokenizer = model.tokenizer
    network = Self.network([model], processor)
  }

  /// An evaluator of several models, at least one, that computes on `processor`.
  /// - Throws: `TextModelError.tokenizersDiffer`.
  /// - Precondition: the models were read or made for the same instruction set.
  public init(_ models: [TextModel], processor: Processor) throws(TextModelError) {
    tokenizer = try TextModel.sharedTokenizer(of: models)
    network = Self.network(models, processor)
  }

  private static func network(
    _ models: [TextModel], _ processor: Processor
  ) -> ScorerEnsemble<SequenceScorer> {
    ScorerEnsemble(
      count: models.count, vocabularySize: models[0].tokenizer.vocabularySize,
      processor: processor
    ) { SequenceScorer(weights: models[$0].weights, processor: processor) }
  }

  /// Scores one text from its beginning.
  /// - Parameters:
  ///   - source: The text.
  ///   - invalidUTF8: What to do with bytes that are not UTF-8.
  ///   - observers: Are told of every unit.
  ///   - progress: Is given the figures so far, every 16 KiB of text: counts of what was read, and
  ///     nats of what is scored, up to 131,072 tokens less; what it throws ends the evaluation.
  /// - Throws: `EvaluationError`, `TokenizationError.invalidUTF8`, `StorageError`, or what
  ///   `observers` and `progress` throw.
  public mutating func evaluate(
    _ source: TextSource, invalidUTF8: InvalidUTF8Policy = .error,
    chunkByteCount: Int = Evaluator.chunkByteCount, observers: [any ScoreObserver] = [],
    progress: (EvaluationResult) throws -> Void = { _ in }
  ) throws -> EvaluationResult {
    try network.scoreText(
      source, tokenizer: tokenizer, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount,
      observers: observers, progress: progress)
  }
}
