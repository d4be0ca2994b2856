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
  let output: String
  let tokenizer: Tokenizer
  let printsJSON: Bool
  let isQuiet: Bool

  private var progressLine = ProgressLine()
  private var parameterCount = 0
  private var validationTokens = 0
  /// Nats and tokens since the last step that was reported.
  private var nats = 0.0
  private var tokens = 0
  /// Seconds of the run at the last step, and at the last validation that a person was told.
  private var seconds = 0.0
  private var lastNoteSeconds = 0.0

  /// Steps between JSON events and between updates of the progress line.
  private static let stepsBetweenEvents = 50
  private static let stepsBetweenUpdates = 10
  private static let secondsBetweenNotes = 10.0

  init(output: String, tokenizer: Tokenizer, printsJSON: Bool, isQuiet: Bool) {
    self.output = output
    self.tokenizer = tokenizer
    self.printsJSON = printsJSON
    self.isQuiet = isQuiet
  }

  mutating func report(_ event: TrainingEvent) throws {
    switch event {
    case .started(let plan): describe(plan)
    case .step(let step, let pace): try report(step, pace)
    case .validation(let result): try report(result)
    case .improved(let model): try model.write(to: output)
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
    note(
      "Trained \(result.stepCount.grouped) steps in \(duration(result.seconds)) "
        + "(\(Int(result.charactersPerSecond).grouped) characters/s); "
        + "wrote '\(output)'\(score ?? ".")")
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
    nats += step.natsPerToken * Double(step.tokenCount)
    tokens += step.tokenCount
    seconds = pace.seconds
    let isLast = pace.progress >= 1
    if printsJSON, isLast || step.number == 1 || step.number % Self.stepsBetweenEvents == 0 {
      try JSONLine([
        ("event", "step"), ("step", step.number), ("epoch", step.epochs),
        ("train_nats_per_token", nats / Double(tokens)), ("learning_rate", step.learningRate),
        ("gradient_norm", step.gradientNorm),
        ("characters_per_second", pace.charactersPerSecond), ("seconds", pace.seconds),
      ]).print()
      (nats, tokens) = (0, 0)
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
