import Evaluation
import Kernels
import ModelFiles
import Tokenization

extension Evaluate {
  /// Scores all texts with weights that adapt to each; each of several models adapts as it would
  /// alone.
  /// - Parameters:
  ///   - tuningText: the text of `DynamicOptions.tuningText`.
  ///   - fixed: the report of the fixed weights, for comparison.
  func scoreDynamically(
    _ sources: [TextSource], models: [TextModel], tunedOn tuningText: TextSource?,
    observers: [any ScoreObserver], beside fixed: EvaluationReport, processor: Processor
  ) throws -> EvaluationReport {
    let members = try zip(models, self.models.names).map { model, name in
      let adaptation = try dynamics.adaptation(
        of: model, named: name, tunedOn: tuningText, invalidUTF8: encoding.invalidUTF8,
        shared: shared, processor: processor)
      return DynamicEvaluator.Member(
        model: model, settings: adaptation.settings, statistics: adaptation.statistics)
    }
    var evaluator = try DynamicEvaluator(members, processor: processor)
    var report = try score(sources, observers: observers, isShared: true) {
      sources, observers, progress in
      try sources.enumerated().map { number, source in
        try evaluator.evaluate(source, invalidUTF8: encoding.invalidUTF8, observers: observers) {
          try progress(number, $0)
        }
      }
    }
    report.comparison = EvaluationReport.DynamicComparison(
      settings: members.map(\.settings), fixed: fixed.texts.map(\.result))
    return report
  }
}
