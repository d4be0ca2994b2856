import ModelFiles
import Training

/// Someone who is told how a training run goes: a person, a program, a file. Each is independent of the others.
protocol TrainingObserver {
  /// A run of `steps` steps goes on; what was told of later ones is to be forgotten.
  mutating func resume(atStep step: Int, history: TrainingHistory) throws
  mutating func observe(_ event: TrainingEvent) throws
  mutating func observe(_ sample: TrainingSample) throws
  mutating func finish(_ result: TrainingResult) throws
}

extension TrainingObserver {
  mutating func resume(atStep step: Int, history: TrainingHistory) throws {}
  mutating func observe(_ sample: TrainingSample) throws {}
  mutating func finish(_ result: TrainingResult) throws {}
}

/// The mean loss of the steps since it was last asked for.
struct MeanLoss {
  private var nats = 0.0
  private var tokenCount = 0

  mutating func add(_ step: Trainer.Step) {
    nats += step.natsPerToken * Double(step.tokenCount)
    tokenCount += step.tokenCount
  }

  /// - Precondition: there was a step since the last time.
  mutating func take() -> Double {
    defer { (nats, tokenCount) = (0, 0) }
    return nats / Double(tokenCount)
  }
}
