import ModelFiles
import Reporting
import Tokenization
import Training

/// Reports a run to a person: notes, a progress line and samples.
struct TrainingConsole: TrainingObserver {
  private let output: String
  private let checkpointPath: String
  private let recorded: RecordedFiles
  private let vocabularySize: Int

  private var progressLine = ProgressLine()
  private var charactersPerToken = 1.0
  private var loss = MeanLoss()
  private var curve = LossCurve()
  /// Seconds of the run at the last step and at the last validation that was reported.
  private var seconds = 0.0
  private var lastNoteSeconds = 0.0
  private var hasReportedCheckpoint = false

  private static let stepsBetweenUpdates = 10
  private static let secondsBetweenNotes = 10.0

  init(_ outputs: RunOutputs, vocabularySize: Int) {
    output = outputs.output
    checkpointPath = outputs.checkpointPath
    recorded = outputs.recorded
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
        "step \(skipped.step.grouped): infinities or NaNs in \(skipped.tensor); skipped.")
    case .rolledBack(let rollback): observe(rollback)
    case .checkpoint(let checkpoint): observe(checkpoint)
    case .improved, .snapshot: break
    }
  }

  mutating func observe(_ sample: TrainingSample) throws {
    note("step \(sample.step.grouped), a sample:\n\(indented(sample.text))")
  }

  mutating func finish(_ result: TrainingResult) throws {
    guard result.reason != .interrupted else {
      return note(
        "Interrupted after step \(result.stepCount.grouped). To resume the run: "
          + recorded.resumeCommand)
    }
    let training = result.model.training
    let score = training.validationNatsPerToken.map {
      ", validation \($0.fixed(4)) nats per token after step \(training.steps.grouped)"
    }
    note(
      "Trained \(result.stepCount.grouped) step\(result.stepCount == 1 ? "" : "s") in "
        + "\(duration(result.seconds)) "
        + "(\(Int(result.charactersPerSecond).grouped) characters/s, validations excluded); "
        + "wrote '\(output)'\(score ?? ".")")
  }

  private mutating func describe(_ plan: TrainingPlan) {
    charactersPerToken = plan.charactersPerToken
    note(
      "\(plan.parameterCount.grouped) parameters, vocabulary of \(vocabularySize.grouped); "
        + "\(plan.trainingTokens.grouped) tokens to train on, "
        + "\(plan.validationTokens.grouped) to validate on.")
    if let requested = plan.requestedBatchShape {
      note(
        "The text is too short for \(requested.batchSize) lanes of \(requested.windowLength) "
          + "tokens: "
          + "training with \(plan.batchShape.batchSize) of \(plan.batchShape.windowLength).")
    }
    if plan.lacksValidation {
      note("The text is too short to hold out a part for validation: the last weights are saved.")
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
    // On a small text validations come in quick succession; reporting some of those without an
    // improvement is enough.
    guard result.isBest || seconds - lastNoteSeconds >= Self.secondsBetweenNotes else { return }
    lastNoteSeconds = seconds
    note(
      "step \(result.step.grouped): validation \(result.natsPerToken.fixed(4)) nats per token, "
        + "\(result.bitsPerCharacter.fixed(4)) bits per character"
        + (result.step == 0
          ? ", before this training" : result.isBest ? ", the best so far" : ""))
  }

  private mutating func observe(_ rollback: Rollback) {
    curve.truncate(toStep: rollback.step)
    note(
      "Rolled back to step \(rollback.step.grouped), with \(plain(rollback.learningRateScale)) "
        + "times the "
        + "learning rate of the schedule.")
  }

  /// Reports the first checkpoint, to show where they are. The one after an interruption is
  /// reported with that.
  private mutating func observe(_ checkpoint: TrainingCheckpoint) {
    guard !hasReportedCheckpoint, Interruption.signal == nil else { return }
    hasReportedCheckpoint = true
    note(
      "step \(checkpoint.stepCount.grouped): checkpoint in '\(checkpointPath)'.")
  }

  private mutating func note(_ text: String) {
    progressLine.clear()
    StandardError.write(harmless(text) + "\n")
  }
}
