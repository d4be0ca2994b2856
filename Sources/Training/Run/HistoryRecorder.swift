import ModelFiles

/// Builds the history of a run from its steps and validations.
struct HistoryRecorder: Sendable, Codable, Equatable {
  private(set) var history = TrainingHistory()
  /// Nats and tokens of training since the last point.
  private var nats = 0.0
  private var tokens = 0.0

  mutating func add(_ step: Trainer.Step) {
    nats += step.natsPerToken * Double(step.tokenCount)
    tokens += Double(step.tokenCount)
  }

  /// Adds the point of a validation, once: a validation that could not be reported is repeated.
  mutating func record(step: Int, seconds: Double, validationNatsPerToken: Double?) {
    guard history.points.last?.step != step else { return }
    history.append(
      TrainingHistory.Point(
        step: step, seconds: seconds, trainingNatsPerToken: nats / max(1, tokens),
        validationNatsPerToken: validationNatsPerToken))
    (nats, tokens) = (0, 0)
  }
}
