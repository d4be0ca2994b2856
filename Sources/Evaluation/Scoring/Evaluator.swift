import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// Measures how well a model predicts texts: the code length of each, in nats.
///
/// ```swift
/// import Evaluation
/// import Kernels
/// import ModelFiles
///
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
///      + sum over the unknown units of Tokenizer.unknownNats, the choice among all unknown units
/// ```
///
/// The first token is predicted from `Vocabulary.endOfText` in a zero state; nothing is scored
/// after the last one. With the second sum the figure is the length of a code for the complete
/// text, characters that the model never saw included. Long texts are read in lanes whose initial
/// states are checked (`SequenceScorer`), or in order if observers want candidates. Texts are
/// streamed: memory does not depend on their size. Several models of one tokenizer predict
/// together, by the mean of their probabilities.
public struct Evaluator: ~Copyable {
  private let tokenizer: Tokenizer
  private var network: ScorerEnsemble<SequenceScorer>

  /// How much is read at a time, which is also how often progress is reported.
  public static let chunkByteCount = 1 << 14

  /// An evaluator that computes on `processor`.
  /// - Precondition: the model was read or made for the same instruction set.
  public init(_ model: TextModel, processor: Processor) {
    tokenizer = model.tokenizer
    network = Self.network([model], processor, nil)
  }

  /// An evaluator of one or more models that computes on `processor`.
  /// - Throws: `TextModelError.tokenizersDiffer`.
  /// - Precondition: the models were read or made for the same instruction set.
  public init(_ models: [TextModel], processor: Processor) throws(TextModelError) {
    try self.init(models, processor: processor, makeScorer: nil)
  }

  /// - Parameter makeScorer: makes what scores the blocks of a long text; nil for this process alone.
  package init(
    _ models: [TextModel], processor: Processor, makeScorer: MakeScorer?
  ) throws(TextModelError) {
    tokenizer = try TextModel.sharedTokenizer(of: models)
    network = Self.network(models, processor, makeScorer)
  }

  package typealias MakeScorer = (NetworkWeights, Processor) -> any BlockScoring

  private static func network(
    _ models: [TextModel], _ processor: Processor, _ makeScorer: MakeScorer?
  ) -> ScorerEnsemble<SequenceScorer> {
    ScorerEnsemble(
      count: models.count, vocabularySize: models[0].tokenizer.vocabularySize,
      processor: processor
    ) {
      let weights = models[$0].weights
      return SequenceScorer(
        weights: weights, processor: processor,
        blocks: weights.precision == .float32 ? makeScorer?(weights, processor) : nil)
    }
  }

  /// Scores one text from its beginning.
  /// - Parameters:
  ///   - source: The text.
  ///   - invalidUTF8: What to do with bytes that are not UTF-8.
  ///   - chunkByteCount: How much is read at a time, which is also how often progress is reported.
  ///   - observers: Receive every unit.
  ///   - progress: Receives the figures so far: the counts of the text read, and the nats of the
  ///     tokens scored, up to 131,072 fewer; an error that it throws ends the evaluation.
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
