import ModelFiles
import Training

/// Someone who is told how a training run goes: a person, a program, a file. Each is independent of the others.
protocol TrainingObserver {
  /// Before the run goes on: what was told of steps behind the earlier part is to be forgotten.
  mutating func resume(after earlier: EarlierPart) throws
  mutating func observe(_ event: TrainingEvent) throws
  mutating func observe(_ sample: TrainingSample) throws
  mutating func finish(_ result: TrainingResult) throws
  /// What it has gathered and not yet told, under a name of its own: kept in checkpoints.
  var pendingLoss: (name: String, loss: MeanLoss)? { get }
}

extension TrainingObserver {
  var pendingLoss: (name: String, loss: MeanLoss)? { nil }
  mutating func observe(_ sample: TrainingSample) throws {}
  mutating func finish(_ result: TrainingResult) throws {}
}

/// What a run that goes on has behind it.
struct EarlierPart {
  let stepCount: Int
  /// As it was after so many steps.
  let history: TrainingHistory
  /// As they were then, by the observers' names.
  let pendingLosses: [String: MeanLoss]
}

/// The mean loss of the steps since it was last asked for.
struct MeanLoss: Codable {
  private var nats = 0.0
  private var tokens = 0.0

  mutating func add(_ step: Trainer.Step) {
    nats += step.natsPerToken * Double(step.tokenCount)
    tokens += Double(step.tokenCount)
  }

  /// - Precondition: there was a step since the last time.
  mutating func take() -> Double {
    defer { (nats, tokens) = (0, 0) }
    return nats / tokens
  }
}
