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
/// let results = try evaluator.evaluate([.file("one.txt"), .file("two.txt")])
/// let total = results.reduce(into: EvaluationResult()) { $0 += $1 }
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
/// states are checked (`SequenceScorer`), several short ones side by side, and all in order if
/// observers want candidates. Texts are streamed: memory does not depend on their size. Several
/// models of one tokenizer predict together, by the mean of their probabilities.
public struct Evaluator: ~Copyable {
  private let tokenizer: Tokenizer
  private var network: ScorerEnsemble<SequenceScorer>
  private let shortTexts: [TextBatchScorer]

  /// How much is read at a time, which is also how often progress is reported.
  public static let chunkByteCount = 1 << 14

  /// An evaluator that computes on `processor`.
  /// - Precondition: the model was read or made for the same instruction set.
  public init(_ model: TextModel, processor: Processor) {
    tokenizer = model.tokenizer
    network = Self.network([model], processor, nil)
    shortTexts = [TextBatchScorer(weights: model.weights, processor: processor)]
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
    shortTexts = models.map { TextBatchScorer(weights: $0.weights, processor: processor) }
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
    let text = try TextReading(
      source, tokenizer: tokenizer, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
    return try network.score(text, observers: observers, progress: progress)
  }

  // MARK: Several texts

  /// The most texts that are read before they are scored, and the most tokens of a short one: longer
  /// ones are scored in lanes by themselves.
  private static let textsAtOnce = 1 << 8
  private static let longestShortText = 1 << 13

  /// Scores several texts, each from its beginning, with the same figures as one after the other.
  /// Short ones are scored side by side, which is many times as fast.
  /// - Parameters:
  ///   - sources: The texts.
  ///   - invalidUTF8: What to do with bytes that are not UTF-8.
  ///   - observers: Receive every unit, text after text.
  ///   - progress: Receives the number of the text, from 0, and its figures so far, and at its end;
  ///     an error that it throws ends the evaluation.
  /// - Throws: As for one text, when it is its turn.
  public mutating func evaluate(
    _ sources: [TextSource], invalidUTF8: InvalidUTF8Policy = .error,
    observers: [any ScoreObserver] = [],
    progress: (_ number: Int, _ result: EvaluationResult) throws -> Void = { _, _ in }
  ) throws -> [EvaluationResult] {
    let visitsLogits = observers.contains { $0.candidateCount > 0 }
    var results: [EvaluationResult] = []
    while results.count < sources.count {
      var (texts, other) = ([TextReading](), Result<TextReading, any Error>?.none)
      for source in sources[results.count...].prefix(visitsLogits ? 1 : Self.textsAtOnce) {
        let text = Self.reading(source, tokenizer: tokenizer, invalidUTF8: invalidUTF8)
        guard !visitsLogits, case .success(let short) = text, short.isAtEnd,
          short.tokens.count < Self.longestShortText
        else {
          other = text
          break
        }
        texts.append(short)
      }
      let number = results.count
      let nats = try scoreSideBySide(texts) { try progress(number, EvaluationResult()) }
      for (text, nats) in zip(texts, nats) {
        var scores = KnownScores(nats)
        let result = try scores.score(text, observers: observers) { _ in }
        results.append(result)
        try progress(results.count - 1, result)
      }
      if let other {
        let number = results.count
        let result = try network.score(other.get(), observers: observers) {
          try progress(number, $0)
        }
        results.append(result)
        try progress(number, result)
      }
    }
    return results
  }

  /// A text, read as far as short ones are.
  private static func reading(
    _ source: TextSource, tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy
  ) -> Result<TextReading, any Error> {
    Result {
      let text = try TextReading(
        source, tokenizer: tokenizer, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
      try text.readChunks(upTo: longestShortText)
      return text
    }
  }

  /// - Parameters:
  ///   - texts: that have been read.
  ///   - check: called from time to time; an error that it throws ends the evaluation.
  /// - Returns: the nats of each token of each text.
  private func scoreSideBySide(
    _ texts: [TextReading], _ check: () throws -> Void
  ) throws -> [[Double]] {
    let tokens = texts.map(\.tokens)
    let nats = try shortTexts.map { scorer in
      var failure: (any Error)?
      let nats = scorer.score(tokens, after: Vocabulary.endOfText) {
        do { try check() } catch { failure = error }
        return failure != nil
      }
      if let failure { throw failure }
      return nats ?? []
    }
    guard nats.count > 1 else { return nats[0] }
    return tokens.indices.map { text in
      tokens[text].indices.map { position in
        EnsembleAverage.nats(nats.map { $0[text][position] })
      }
    }
  }
}
