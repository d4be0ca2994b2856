import Kernels
import ModelFiles
import Tokenization

/// Measures how well a model predicts texts when its weights adapt to each text: dynamic
/// evaluation.
///
/// ```swift
/// import Evaluation
/// import Kernels
/// import ModelFiles
///
/// let processor = Processor(threadCount: 1)
/// let model = try TextModel(path: "model.safetensors", processor: processor)
/// let settings = DynamicSettings()
/// let statistics = GradientStatistics(
///   sampledFrom: model.weights, segmentLength: settings.segmentLength, processor: processor)
/// var evaluator = DynamicEvaluator(
///   model, settings: settings, statistics: statistics, processor: processor)
/// print(try evaluator.evaluate(.file("text.txt")).bitsPerCharacter)
/// ```
///
/// The nats of a token depend only on the tokens before it, so the figures are code lengths,
/// comparable with those of `Evaluator`. `DynamicModel` describes the method. Every text begins
/// with the trained weights.
public struct DynamicEvaluator: ~Copyable {
  private let tokenizer: Tokenizer
  private var network: ScorerEnsemble<DynamicModel>

  /// A member of an ensemble, and how its weights adapt.
  public struct Member: Sendable {
    /// The model, whose own weights stay as they are.
    public var model: TextModel
    /// The rates and the segments.
    public var settings: DynamicSettings
    /// The usual size of the gradients of `model`.
    public var statistics: GradientStatistics

    /// Creates a member.
    /// - Precondition: `statistics` are those of `model`.
    public init(model: TextModel, settings: DynamicSettings, statistics: GradientStatistics) {
      self.model = model
      self.settings = settings
      self.statistics = statistics
    }
  }

  /// - Precondition: the settings are valid, and the statistics have their segment length.
  public init(
    _ model: TextModel, settings: DynamicSettings, statistics: GradientStatistics,
    processor: Processor
  ) {
    tokenizer = model.tokenizer
    network = Self.network(
      [Member(model: model, settings: settings, statistics: statistics)], processor)
  }

  /// An evaluator of one or more models, each of which adapts to the text as it would alone.
  /// - Throws: `TextModelError.tokenizersDiffer`.
  /// - Precondition: as for one model, and all segments have the same length.
  public init(_ members: [Member], processor: Processor) throws(TextModelError) {
    precondition(
      Set(members.map(\.settings.segmentLength)).count == 1,
      "the members must have one segment length")
    tokenizer = try TextModel.sharedTokenizer(of: members.map(\.model))
    network = Self.network(members, processor)
  }

  private static func network(
    _ members: [Member], _ processor: Processor
  ) -> ScorerEnsemble<DynamicModel> {
    ScorerEnsemble(
      count: members.count, vocabularySize: members[0].model.tokenizer.vocabularySize,
      processor: processor
    ) { index in
      let member = members[index]
      return DynamicModel(
        member.model.weights, statistics: member.statistics, settings: member.settings,
        processor: processor)
    }
  }

  /// Scores one text from its beginning.
  /// - Parameters:
  ///   - source: The text.
  ///   - invalidUTF8: What to do with bytes that are not UTF-8.
  ///   - chunkByteCount: How much is read at a time, which is also how often progress is reported.
  ///   - observers: Receive every unit and its nats under the adapted weights.
  ///   - progress: Receives the figures so far; an error that it throws ends the evaluation.
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

  /// The model with its weights as adapted to the last text.
  /// - Parameter model: the evaluator's only model.
  package func adapted(_ model: TextModel) -> TextModel {
    let weights = network.withMember(0) { $0.weights() }
    return TextModel(weights: weights, tokenizer: tokenizer, training: model.training)
  }
}
