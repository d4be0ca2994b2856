import ModelFiles
import RecurrentNetwork
import Tokenization
import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Tells a person, and with `--json` a script, how a training run goes, and saves each improvement.
struct TrainingReporter {
  let tokenizer: Tokenizer
  let printsJSON: Bool
  let isQuiet: Bool
  let checkpointPath: String
  /// Steps before the checkpoint that stands at `checkpointPath`; nil where there is none.
  private(set) var checkpointStep: Int?

  /// What of the command line stands in checkpoints, with the nats and tokens since the last step that was
  /// reported.
  private var origin: RunOrigin
  private var progressLine = ProgressLine()
  private var parameterCount = 0
  private var validationTokens = 0
  /// Seconds of the run at the last step, and at the last validation that a person was told.
  private var seconds = 0.0
  private var lastNoteSeconds = 0.0

  /// Steps between JSON events and between updates of the progress line.
  private static let stepsBetweenEvents = 50
  private static let stepsBetweenUpdates = 10
  private static let secondsBetweenNotes = 10.0

  init(
    tokenizer: Tokenizer, origin: RunOrigin, checkpointPath: String, checkpointStep: Int?,
    printsJSON: Bool, isQuiet: Bool
  ) {
    self.tokenizer = tokenizer
    self.origin = origin
    self.checkpointPath = checkpointPath
    self.checkpointStep = checkpointStep
    self.printsJSON = printsJSON
    self.isQuiet = isQuiet
  }

  mutating func report(_ event: TrainingEvent) throws {
    switch event {
    case .started(let plan): describe(plan)
    case .step(let step, let pace): try report(step, pace)
    case .validation(let result): try report(result)
    case .improved(let model): try model.write(to: origin.output)
    case .skipped(let step): try report(step)
    case .wentBack(let stepBack): try report(stepBack)
    case .checkpoint(let checkpoint): try write(checkpoint)
    }
  }

  mutating func finish(_ result: TrainingResult) throws {
    progressLine.clear()
    let training = result.model.training
    if printsJSON {
      try JSONLine([
        ("event", "finished"), ("reason", result.reason.rawValue), ("steps", result.stepCount),
        ("parameters", parameterCount), ("vocabulary_size", tokenizer.vocabularySize),
        ("characters_seen", result.charactersSeen), ("seconds", result.seconds),
        ("characters_per_second", result.charactersPerSecond),
        ("validation_nats_per_token", training.validationNatsPerToken),
        ("validation_tokens", validationTokens), ("best_step", training.steps),
        ("peak_memory_bytes", peakMemoryByteCount()),
      ]).print()
    }
    let score = training.validationNatsPerToken.map {
      ", validation \($0.fixed(4)) nats per token after step \(training.steps.grouped)"
    }
    guard result.reason != .interrupted else {
      return note(
        "Interrupted after step \(result.stepCount.grouped). To go on: "
          + "charlm train --resume '\(checkpointPath)'")
    }
    note(
      "Trained \(result.stepCount.grouped) steps in \(duration(result.seconds)) "
        + "(\(Int(result.charactersPerSecond).grouped) characters/s); "
        + "wrote '\(origin.output)'\(score ?? ".")")
  }

  private mutating func describe(_ plan: TrainingPlan) {
    parameterCount = plan.parameterCount
    validationTokens = plan.validationTokens
    note(
      "\(plan.parameterCount.grouped) parameters, vocabulary of \(tokenizer.vocabularySize.grouped); "
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

  private mutating func report(_ step: Trainer.Step, _ pace: TrainingPace) throws {
    origin.pending.nats += step.natsPerToken * Double(step.tokenCount)
    origin.pending.tokens += step.tokenCount
    seconds = pace.seconds
    let isLast = pace.progress >= 1
    if printsJSON, isLast || step.number == 1 || step.number % Self.stepsBetweenEvents == 0 {
      try JSONLine([
        ("event", "step"), ("step", step.number), ("epoch", step.epochs),
        ("train_nats_per_token", origin.pending.nats / Double(origin.pending.tokens)),
        ("learning_rate", step.learningRate),
        ("gradient_norm", step.gradientNorm),
        ("characters_per_second", pace.charactersPerSecond), ("seconds", pace.seconds),
      ]).print()
      origin.pending = RunOrigin.PendingReport()
    }
    guard !isQuiet, step.number % Self.stepsBetweenUpdates == 0 else { return }
    progressLine.update(seconds: pace.seconds) {
      "step \(step.number.grouped)  epoch \(step.epochs.fixed(1))  "
        + "\(step.natsPerToken.fixed(3)) nats per token  "
        + "\(Int(pace.charactersPerSecond).grouped) characters/s  "
        + "\(duration(pace.secondsLeft)) left"
    }
  }

  private mutating func report(_ result: ValidationResult) throws {
    if printsJSON {
      try JSONLine([
        ("event", "validation"), ("step", result.step), ("nats_per_token", result.natsPerToken),
        ("bits_per_character", result.bitsPerCharacter), ("best", result.isBest),
      ]).print()
    }
    // On a small text validations follow each other fast: of those that bring nothing new some will do.
    guard result.isBest || seconds - lastNoteSeconds >= Self.secondsBetweenNotes else { return }
    lastNoteSeconds = seconds
    progressLine.clear()
    note(
      "step \(result.step.grouped): validation \(result.natsPerToken.fixed(4)) nats per token, "
        + "\(result.bitsPerCharacter.fixed(4)) bits per character"
        + (result.isBest ? ", the best so far" : ""))
  }

  private mutating func report(_ skipped: SkippedStep) throws {
    if printsJSON {
      try JSONLine([("event", "skipped"), ("step", skipped.step), ("tensor", skipped.tensor)])
        .print()
    }
    progressLine.clear()
    note(
      "step \(skipped.step.grouped): numbers that are not finite in \(skipped.tensor); skipped.")
  }

  private mutating func report(_ stepBack: StepBack) throws {
    if printsJSON {
      try JSONLine([
        ("event", "went_back"), ("step", stepBack.step),
        ("learning_rate_scale", stepBack.learningRateScale),
      ]).print()
    }
    progressLine.clear()
    note(
      "Back to step \(stepBack.step.grouped), with \(plain(stepBack.learningRateScale)) times the "
        + "learning rate of the schedule.")
  }

  private mutating func write(_ checkpoint: TrainingCheckpoint) throws {
    var checkpoint = checkpoint
    try origin.annotate(&checkpoint)
    try checkpoint.write(to: checkpointPath)
    checkpointStep = checkpoint.stepCount
    if printsJSON {
      try JSONLine([
        ("event", "checkpoint"), ("step", checkpoint.stepCount), ("file", checkpointPath),
      ]).print()
    }
  }

  private func note(_ text: String) {
    if !isQuiet { StandardError.write(text + "\n") }
  }
}

/// The most memory this process ever had in use.
private func peakMemoryByteCount() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss * 1_024
}
