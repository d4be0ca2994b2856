import Kernels
import ModelFiles
import Tokenization

extension TextModel {
  /// This model with the weights that dynamic evaluation of a text leaves behind: for text in its style.
  /// - Throws: `EvaluationError`, `TokenizationError.invalidUTF8` or `StorageError`.
  /// - Precondition: the statistics are those of segments of the settings' length.
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
