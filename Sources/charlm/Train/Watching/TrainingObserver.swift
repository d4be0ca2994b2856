import ModelFiles
import Training

/// Receives the events of a training run and reports them to a person, a program or a file.
///
/// Observers are independent of each other.
protocol TrainingObserver {
  /// Called before a run is resumed: whatever was reported about later steps must be removed.
  mutating func resume(after earlier: EarlierPart) throws
  mutating func observe(_ event: TrainingEvent) throws
  mutating func observe(_ sample: TrainingSample) throws
  mutating func finish(_ result: TrainingResult) throws
  /// Called before a checkpoint is written: a run that resumes from it does not repeat what was
  /// reported before, so this must survive whatever the checkpoint survives.
  mutating func synchronize() throws
  /// The losses gathered since the last report, under the observer's own name; kept in checkpoints.
  var pendingLoss: (name: String, loss: MeanLoss)? { get }
}

extension TrainingObserver {
  mutating func synchronize() throws {}
  var pendingLoss: (name: String, loss: MeanLoss)? { nil }
  mutating func observe(_ sample: TrainingSample) throws {}
  mutating func finish(_ result: TrainingResult) throws {}
}

/// The part of a run before it was resumed.
struct EarlierPart {
  let stepCount: Int
  /// The history after `stepCount` steps.
  let history: TrainingHistory
  /// The pending losses after `stepCount` steps, by the observers' names.
  let pendingLosses: [String: MeanLoss]
}

/// The mean loss since it was last taken.
struct MeanLoss: Codable {
  private var nats = 0.0
  private var tokens = 0.0

  mutating func add(_ step: Trainer.Step) {
    nats += step.natsPerToken * Double(step.tokenCount)
    tokens += Double(step.tokenCount)
  }

  /// - Precondition: a step was added since the last call.
  mutating func take() -> Double {
    defer { (nats, tokens) = (0, 0) }
    return nats / tokens
  }
}
