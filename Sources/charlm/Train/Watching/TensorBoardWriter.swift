import ModelFiles
import Reporting
import Training

/// Writes the figures of a run as TensorBoard event files.
struct TensorBoardWriter: TrainingObserver {
  private let file: EventFile
  private var loss = MeanLoss()

  private static let stepsBetweenEvents = 10
  private static let name = "figures"

  /// - Throws: `StorageError`.
  init(folder: String) throws {
    file = try EventFile(folder: folder)
  }

  mutating func resume(after earlier: EarlierPart) throws {
    try file.truncate(toStep: earlier.stepCount)
    loss = earlier.pendingLosses[Self.name] ?? MeanLoss()
  }

  mutating func synchronize() throws { try file.synchronize() }

  var pendingLoss: (name: String, loss: MeanLoss)? { (Self.name, loss) }

  mutating func observe(_ event: TrainingEvent) throws {
    switch event {
    case .step(let step, let pace): try observe(step, pace)
    case .validation(let result):
      try file.write(
        [
          ("validation/nats_per_token", result.natsPerToken),
          ("validation/bits_per_character", result.bitsPerCharacter),
        ], step: result.step)
    case .rolledBack(let rollback):
      loss = MeanLoss()
      try file.truncate(toStep: rollback.step)
    case .started, .improved, .snapshot, .skipped, .checkpoint: break
    }
  }

  private mutating func observe(_ step: Trainer.Step, _ pace: TrainingPace) throws {
    loss.add(step)
    guard
      pace.progress >= 1 || step.number == 1 || step.number % Self.stepsBetweenEvents == 0
    else { return }
    try file.write(
      [
        ("train/nats_per_token", loss.take()), ("train/learning_rate", step.learningRate),
        ("train/gradient_norm", step.gradientNorm), ("train/epoch", step.epochs),
        ("train/characters_per_second", pace.charactersPerSecond),
      ], step: step.number)
  }

  mutating func observe(_ sample: TrainingSample) throws {
    try file.write(sample.text, tag: "sample", step: sample.step)
  }
}
