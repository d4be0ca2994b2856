import Kernels
import ModelFiles
import Tokenization

/// Measures how well a model predicts texts if its weights follow what it has read: dynamic evaluation.
///
/// ```swift
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
/// What a token costs depends on the tokens before it only, so the figures are code lengths as those of
/// `Evaluator` are, and comparable with them. How weights follow stands in `DynamicModel`. Every text
/// begins with the trained weights.
public struct DynamicEvaluator: ~Copyable {
  private let tokenizer: Tokenizer
  private var network: ScorerEnsemble<DynamicModel>

  /// A model of several, and how its weights follow.
  public struct Member: Sendable {
    public var model: TextModel
    public var settings: DynamicSettings
    public var statistics: GradientStatistics

    public init(model: TextModel, settings: DynamicSettings, statistics: GradientStatistics) {
      self.model = model
      self.settings = settings
      self.statistics = statistics
    }
  }

  /// - Preconditions: the settings are valid, and the statistics are those of segments of their length.
  public init(
    _ model: TextModel, settings: DynamicSettings, statistics: GradientStatistics,
    processor: Processor
  ) {
    tokenizer = model.tokenizer
    network = Self.network(
      [Member(model: model, settings: settings, statistics: statistics)], processor)
  }

  /// An evaluator of several models, at least one, each of which follows the text as it would alone.
  /// - Throws: `TextModelError.tokenizersDiffer`.
  /// - Preconditions: as for one, and all segments have the same length.
  public init(_ members: [Member], processor: Processor) throws(TextModelError) {
    precondition(
      Set(members.map(\.settings.segmentLength)).count == 1, "the members must keep step")
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
  ///   - observers: Are told of every unit, and what it cost when the weights followed the text.
  ///   - progress: Is given the figures so far, every 16 KiB of text; what it throws ends the evaluation.
  /// - Throws: `EvaluationError`, `TokenizationError.invalidUTF8`, `StorageError`, or what `observers` and
  ///   `progress` throw.
  public mutating func evaluate(
    _ source: TextSource, invalidUTF8: InvalidUTF8Policy = .error,
    chunkByteCount: Int = Evaluator.chunkByteCount, observers: [any ScoreObserver] = [],
    progress: (EvaluationResult) throws -> Void = { _ in }
  ) throws -> EvaluationResult {
    try network.scoreText(
      source, tokenizer: tokenizer, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount,
      observers: observers, progress: progress)
  }

  /// The model with the weights as the text read last has left them.
  /// - Parameter model: the one, and the only one, that the evaluator was made of.
  package func adapted(_ model: TextModel) -> TextModel {
    let weights = network.withMember(0) { $0.weights() }
    return TextModel(weights: weights, tokenizer: tokenizer, training: model.training)
  }
}
