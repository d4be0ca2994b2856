import ModelFiles
import Reporting
import Training

/// Tells a person how a run goes: notes, one live line, samples.
struct TrainingConsole: TrainingObserver {
  let output: String
  let checkpointPath: String
  let vocabularySize: Int

  private var progressLine = ProgressLine()
  private var charactersPerToken = 1.0
  private var loss = MeanLoss()
  private var curve = LossCurve()
  /// Seconds of the run at the last step, and at the last validation that was told.
  private var seconds = 0.0
  private var lastNoteSeconds = 0.0
  private var hasToldCheckpoint = false

  private static let stepsBetweenUpdates = 10
  private static let secondsBetweenNotes = 10.0

  init(output: String, checkpointPath: String, vocabularySize: Int) {
    self.output = output
    self.checkpointPath = checkpointPath
    self.vocabularySize = vocabularySize
  }

  mutating func resume(after earlier: EarlierPart) throws {
    for point in earlier.history.points {
      curve.append(step: point.step, natsPerToken: point.trainingNatsPerToken)
    }
  }

  mutating func observe(_ event: TrainingEvent) throws {
    switch event {
    case .started(let plan): describe(plan)
    case .step(let step, let pace): observe(step, pace)
    case .validation(let result): observe(result)
    case .skipped(let skipped):
      note(
        "step \(skipped.step.grouped): numbers that are not finite in \(skipped.tensor); skipped.")
    case .rolledBack(let rollback): observe(rollback)
    case .checkpoint(let checkpoint): observe(checkpoint)
    case .improved, .snapshot: break
    }
  }

  mutating func observe(_ sample: TrainingSample) throws {
    let lines = harmless(sample.text).split(separator: "\n", omittingEmptySubsequences: false)
    note(
      "step \(sample.step.grouped), a sample:\n" + lines.map { "    \($0)" }.joined(separator: "\n")
    )
  }

  mutating func finish(_ result: TrainingResult) throws {
    guard result.reason != .interrupted else {
      return note(
        "Interrupted after step \(result.stepCount.grouped). To go on: "
          + "charlm train --resume '\(checkpointPath)'")
    }
    let training = result.model.training
    let score = training.validationNatsPerToken.map {
      ", validation \($0.fixed(4)) nats per token after step \(training.steps.grouped)"
    }
    note(
      "Trained \(result.stepCount.grouped) steps in \(duration(result.seconds)) "
        + "(\(Int(result.charactersPerSecond).grouped) characters/s); "
        + "wrote '\(output)'\(score ?? ".")")
  }

  private mutating func describe(_ plan: TrainingPlan) {
    charactersPerToken = plan.charactersPerToken
    note(
      "\(plan.parameterCount.grouped) parameters, vocabulary of \(vocabularySize.grouped); "
        + "\(plan.trainingTokens.grouped) tokens to train on, "
        + "\(plan.validationTokens.grouped) to validate with.")
    if let requested = plan.requestedBatchShape {
      note(
        "The text is too short for \(requested.batchSize) lanes of \(requested.windowLength) tokens: "
          + "training with \(plan.batchShape.batchSize) of \(plan.batchShape.windowLength).")
    }
    if plan.lacksValidation {
      note("The text is too short to keep a part for validation: the last weights are saved.")
    }
  }

  private mutating func observe(_ step: Trainer.Step, _ pace: TrainingPace) {
    seconds = pace.seconds
    loss.add(step)
    curve.append(step: step.number, natsPerToken: step.natsPerToken)
    guard step.number % Self.stepsBetweenUpdates == 0 else { return }
    let line = TrainingLine(
      step: step, pace: pace, natsPerCharacter: loss.take() / charactersPerToken,
      losses: curve.points.map(\.natsPerToken))
    progressLine.update(seconds: seconds) {
      Terminal.isInteractive
        ? line.text(width: Terminal.width, hasColor: Terminal.hasColor) : line.text
    }
  }

  private mutating func observe(_ result: ValidationResult) {
    // On a small text validations follow each other fast: of those that bring nothing new some will do.
    guard result.isBest || seconds - lastNoteSeconds >= Self.secondsBetweenNotes else { return }
    lastNoteSeconds = seconds
    note(
      "step \(result.step.grouped): validation \(result.natsPerToken.fixed(4)) nats per token, "
        + "\(result.bitsPerCharacter.fixed(4)) bits per character"
        + (result.isBest ? ", the best so far" : ""))
  }

  private mutating func observe(_ rollback: Rollback) {
    curve.truncate(toStep: rollback.step)
    note(
      "Back to step \(rollback.step.grouped), with \(plain(rollback.learningRateScale)) times the "
        + "learning rate of the schedule.")
  }

  /// The first one says where they are; one after an interruption is told with that.
  private mutating func observe(_ checkpoint: TrainingCheckpoint) {
    guard !hasToldCheckpoint, Interruption.signal == nil else { return }
    hasToldCheckpoint = true
    note(
      "step \(checkpoint.stepCount.grouped): checkpoint in '\(checkpointPath)'.")
  }

  private mutating func note(_ text: String) {
    progressLine.clear()
    StandardError.write(text + "\n")
  }
}
