import Kernels
import ModelFiles
import Tokenization

extension TextModel {
  /// This model with its weights adapted to a text by dynamic evaluation, to generate in its style.
  /// - Throws: `EvaluationError`, `TokenizationError.invalidUTF8` or `StorageError`.
  /// - Precondition: the statistics have the segment length of the settings.
  public func adapted(
    to source: TextSource, settings: DynamicSettings, statistics: GradientStatistics,
    invalidUTF8: InvalidUTF8Policy = .error, processor: Processor
  ) throws -> TextModel {
    var evaluator = DynamicEvaluator(
      self, settings: settings, statistics: statistics, processor: processor)
    _ = try evaluator.evaluate(source, invalidUTF8: invalidUTF8)
    return evaluator.adapted(self)
  }
}
