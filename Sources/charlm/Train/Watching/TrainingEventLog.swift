import ModelFiles
import Reporting
import Training

/// Reports a run to programs: one JSON object a line, on standard output and in a log file.
struct TrainingEventLog: TrainingObserver {
  private let printsLines: Bool
  private let log: LogFile?
  private let outputs: RunOutputs
  private let vocabularySize: Int
  private var loss = MeanLoss()
  private var parameterCount = 0
  private var validationTokens = 0
  /// The step after which the run was resumed; nil if it was not.
  private var resumedStep: Int?

  private static let stepsBetweenEvents = 50
  private static let name = "lines"

  /// - Throws: `StorageError.cannotCreate`.
  init(
    printsLines: Bool, logPath: String?, outputs: RunOutputs, vocabularySize: Int
  ) throws {
    self.printsLines = printsLines
    log = try logPath.map { try LogFile(path: $0) }
    self.outputs = outputs
    self.vocabularySize = vocabularySize
  }

  mutating func resume(after earlier: EarlierPart) throws {
    try log?.truncate(toStep: earlier.stepCount)
    loss = earlier.pendingLosses[Self.name] ?? MeanLoss()
    resumedStep = earlier.stepCount
  }

  mutating func synchronize() throws { try log?.synchronize() }

  var pendingLoss: (name: String, loss: MeanLoss)? { (Self.name, loss) }

  mutating func observe(_ event: TrainingEvent) throws {
    switch event {
    case .started(let plan):
      parameterCount = plan.parameterCount
      validationTokens = plan.validationTokens
      // Removes what another run left in the file.
      if resumedStep == nil {
        try log?.clear()
        try write(start(of: plan))
      } else if let log, log.isEmpty {
        // Another file than that of the earlier part.
        try log.append(JSONLine(start(of: plan)).text())
      }
    case .step(let step, let pace): try observe(step, pace)
    case .validation(let result):
      try write([
        ("event", "validation"), ("step", result.step), ("nats_per_token", result.natsPerToken),
        ("bits_per_character", result.bitsPerCharacter), ("best", result.isBest),
        ("seconds", result.seconds),
      ])
    case .skipped(let skipped):
      try write([("event", "skipped"), ("step", skipped.step), ("tensor", skipped.tensor)])
    case .rolledBack(let rollback):
      loss = MeanLoss()
      try write([
        ("event", "went_back"), ("step", rollback.step),
        ("learning_rate_scale", rollback.learningRateScale),
      ])
    case .checkpoint(let checkpoint):
      try write([
        ("event", "checkpoint"), ("step", checkpoint.stepCount), ("file", outputs.checkpointPath),
      ])
    case .improved, .snapshot: break
    }
  }

  /// What was run: a log alone says how its figures came about.
  private func start(of plan: TrainingPlan) -> JSONLine.Fields {
    let command = outputs.command
    return [
      ("event", "started"), ("step", resumedStep ?? 0), ("run", outputs.run),
      ("charlm_version", CharlmVersion.current),
      ("instruction_set", command.instructionSet), ("output", command.output),
      ("arguments", command.arguments), ("texts", command.texts),
      ("validation_text", command.validationText), ("network", plan.network),
      ("configuration", plan.configuration), ("vocabulary_size", vocabularySize),
      ("parameters", plan.parameterCount), ("training_tokens", plan.trainingTokens),
      ("validation_tokens", plan.validationTokens),
    ]
  }

  private mutating func observe(_ step: Trainer.Step, _ pace: TrainingPace) throws {
    loss.add(step)
    guard
      pace.progress >= 1 || step.number == 1 || step.number % Self.stepsBetweenEvents == 0
    else { return }
    try write([
      ("event", "step"), ("step", step.number), ("epoch", step.epochs),
      ("train_nats_per_token", loss.take()), ("learning_rate", step.learningRate),
      ("gradient_norm", step.gradientNorm),
      ("characters_per_second", pace.charactersPerSecond), ("seconds", pace.seconds),
    ])
  }

  mutating func observe(_ sample: TrainingSample) throws {
    try write([("event", "sample"), ("step", sample.step), ("text", sample.text)])
  }

  mutating func finish(_ result: TrainingResult) throws {
    let training = result.model.training
    try write([
      ("event", "finished"), ("reason", result.reason.rawValue), ("step", result.stepCount),
      ("steps", result.stepCount),
      ("parameters", parameterCount), ("vocabulary_size", vocabularySize),
      ("characters_seen", result.charactersSeen), ("seconds", result.seconds),
      ("characters_per_second", result.charactersPerSecond),
      ("validation_nats_per_token", training.validationNatsPerToken),
      ("validation_tokens", validationTokens), ("best_step", training.steps),
      ("peak_memory_bytes", PeakMemory.byteCount),
    ])
  }

  private func write(_ fields: JSONLine.Fields) throws {
    let line = try JSONLine(fields).text()
    if printsLines { try StandardOutput.write(line + "\n") }
    try log?.append(line)
  }
}
