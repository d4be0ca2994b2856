import Evaluation
import Kernels
import ModelFiles
import Tokenization

extension Evaluate {
  /// Scores all texts with weights that follow each.
  /// - Parameter fixed: the figures of fixed weights, to stand beside.
  func scoreDynamically(
    _ sources: [TextSource], model: TextModel, observers: [any ScoreObserver],
    beside fixed: EvaluationReport, processor: Processor
  ) throws -> EvaluationReport {
    let adaptation = try dynamics.adaptation(
      of: model, tunedOn: dynamics.tuningText(), invalidUTF8: encoding.invalidUTF8,
      shared: shared, processor: processor)
    var evaluator = DynamicEvaluator(
      model, settings: adaptation.settings, statistics: adaptation.statistics,
      processor: processor)
    var report = try score(sources, observers: observers) {
      try evaluator.evaluate(
        $0, invalidUTF8: encoding.invalidUTF8, observers: $1, progress: $2)
    }
    report.comparison = EvaluationReport.DynamicComparison(
      settings: adaptation.settings, fixed: fixed.texts.map(\.result))
    return report
  }
}
