import Dispatch
import Evaluation
import Glibc
import Kernels
import ModelFiles
import Tokenization

/// Scores texts as `charlm evaluate` does, one at a time, on a thread of its own.
package final class TextScorer: Sendable {
  private let queue = DispatchQueue(label: "charlm.scorer")
  private let processor: Processor

  package init(processor: Processor) { self.processor = processor }

  /// - Parameter candidateCount: the candidates of each unit; nil for no units.
  /// - Throws: `EvaluationError`, or `CancellationError`.
  package func score(
    _ text: String, with model: ServedModel, candidateCount: Int?
  ) async throws -> TextScore {
    try await AbandonableWork.perform(on: queue) { [processor] in
      try Self.score(text, model, candidateCount: candidateCount, processor, for: $0)
    }
  }

  static func score(
    _ text: String, _ model: ServedModel, candidateCount: Int?, _ processor: Processor,
    for work: AbandonableWork
  ) throws -> TextScore {
    var evaluator = Evaluator(model.model, processor: processor)
    let units = candidateCount.map { UnitCollector(model, candidateCount: $0) }
    let clock = ContinuousClock()
    let start = clock.now
    let result = try evaluator.evaluate(
      .text(text, name: "The text"), observers: [units].compactMap(\.self)
    ) { _ in try work.check() }
    let (seconds, attoseconds) = start.duration(to: clock.now).components
    return TextScore(
      model: model.id, result: result, seconds: Double(seconds) + Double(attoseconds) / 1e18,
      units: units?.units)
  }
}

/// Keeps the units of a text.
private final class UnitCollector: ScoreObserver {
  private let model: ServedModel
  let candidateCount: Int
  private(set) var units: [TextScore.Unit] = []

  init(_ model: ServedModel, candidateCount: Int) {
    self.model = model
    self.candidateCount = min(candidateCount, model.tokenizer.vocabularySize)
  }

  func beginText(named name: String) {}
  func endText(_ result: EvaluationResult) {}

  func append(_ units: [ScoredUnit]) {
    self.units += units.map { unit in
      TextScore.Unit(
        text: unit.spelling, bits: unit.nats / log(2), unknown: unit.isUnknown,
        candidates: unit.candidates.map {
          TextScore.Unit.Candidate(
            text: model.tokenNames[Int($0.token)], probability: $0.probability)
        })
    }
  }
}
