import ModelFiles

/// Makes the history of a run from its steps and validations.
struct HistoryRecorder {
  private(set) var history = TrainingHistory()
  /// Nats and tokens of training since the last point.
  private var nats = 0.0
  private var tokenCount = 0

  mutating func add(_ step: Trainer.Step) {
    nats += step.natsPerToken * Double(step.tokenCount)
    tokenCount += step.tokenCount
  }

  mutating func record(step: Int, seconds: Double, validationNatsPerToken: Double?) {
    history.append(
      TrainingHistory.Point(
        step: step, seconds: seconds, trainingNatsPerToken: nats / Double(max(1, tokenCount)),
        validationNatsPerToken: validationNatsPerToken))
    (nats, tokenCount) = (0, 0)
  }
}
