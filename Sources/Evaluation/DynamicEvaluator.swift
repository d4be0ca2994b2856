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
/// `Evaluator` are, and comparable with them. How weights follow stands in `AdaptiveNetwork`. Every text
/// begins with the trained weights.
public struct DynamicEvaluator: ~Copyable {
  private let tokenizer: Tokenizer
  private var network: AdaptiveNetwork

  /// - Preconditions: the settings are valid, and the statistics are those of segments of their length.
  public init(
    _ model: TextModel, settings: DynamicSettings, statistics: GradientStatistics,
    processor: Processor
  ) {
    tokenizer = model.tokenizer
    network = AdaptiveNetwork(
      model.weights, statistics: statistics, settings: settings, processor: processor)
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
    observers: [any ScoreObserver] = [],
    progress: (EvaluationResult) throws -> Void = { _ in }
  ) throws -> EvaluationResult {
    try evaluate(
      source, invalidUTF8: invalidUTF8, chunkByteCount: Evaluator.chunkByteCount,
      observers: observers, progress: progress)
  }

  package mutating func evaluate(
    _ source: TextSource, invalidUTF8: InvalidUTF8Policy = .error, chunkByteCount: Int,
    observers: [any ScoreObserver] = [],
    progress: (EvaluationResult) throws -> Void = { _ in }
  ) throws -> EvaluationResult {
    try network.evaluate(
      source, tokenizer: tokenizer, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount,
      observers: observers, progress: progress)
  }

  /// The model with the weights as the text read last has left them.
  /// - Parameter model: the one that the evaluator was made of.
  package func adapted(_ model: TextModel) -> TextModel {
    TextModel(weights: network.weights(), tokenizer: tokenizer, training: model.training)
  }
}
