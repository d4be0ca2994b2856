import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// A training run while it runs: steps, validations, checkpoints, and what is done about numbers that are not
/// finite.
///
/// A step that finds such numbers is skipped. After three in a row, or at once where weights themselves are
/// spoilt, the run goes back to its last good state, which is that of its last validation behind a step that was
/// done, or of its beginning, with half the learning rate. It gives up when three returns to the same state have
/// not helped.
struct TrainingLoop: ~Copyable {
  private let run: TrainingRun
  private let report: (TrainingEvent) throws -> Void
  private let shouldStop: () -> Bool
  private var trainer: Trainer
  private var progress: RunProgress
  private var counters: RunCounters
  private var best: TextModel?
  private var bestParameters: SharedParameters?
  /// Nil only while the next one is copied.
  private var lastGood: TrainingCheckpoint?
  private var checkpointTimer: CheckpointTimer
  private let snapshotInterval: Int?
  private var isBudgetUsedUp: Bool

  private static let skipLimit = 3
  private static let rollbackLimit = 3

  init(
    _ run: TrainingRun, resuming checkpoint: TrainingCheckpoint?, checkpoints: CheckpointPlan,
    snapshotEvery snapshotInterval: Int?, shouldStop: @escaping () -> Bool,
    report: @escaping (TrainingEvent) throws -> Void
  ) throws {
    var trainer = Trainer(
      network: run.network, configuration: run.configuration,
      parameters: Self.initialParameters(of: run),
      tokens: run.tokens, places: run.split.training, processor: run.processor)
    trainer.faultInjector = run.faultInjector
    var consumed = RunProgress.Consumption()
    if let checkpoint {
      trainer.restore(checkpoint.state)
      consumed = checkpoint.record.consumed
    } else {
      (consumed.seconds, consumed.pausedSeconds) = (run.preparationSeconds, run.preparationSeconds)
      consumed.reservedSeconds = try run.validator?.estimatedSeconds(trainer.weights()) ?? 0
    }
    let progress = RunProgress(
      run.configuration.budget, windowsPerEpoch: trainer.windowsPerEpoch, consumed: consumed)
    var counters =
      checkpoint?.record.counters
      ?? RunCounters(
        earlierSteps: run.origin.map { $0.training.steps &+ ($0.training.earlierSteps ?? 0) })
    if let checkpoint,
      checkpoint.configuration.learningRate != run.configuration.learningRate
    {
      counters.learningRateScale = 1  // a rate that was chosen anew means what it says
    }
    let best = checkpoint.flatMap { Self.bestModel(of: $0, run) }
    lastGood =
      checkpoint
      ?? Self.checkpoint(
        of: run, trainer.state(), consumed: consumed, counters: counters, best: nil,
        bestParameters: nil)
    isBudgetUsedUp = progress.isFinished
    checkpointTimer = CheckpointTimer(checkpoints, seconds: consumed.seconds)
    self.snapshotInterval = snapshotInterval
    self.best = best
    bestParameters = checkpoint?.best
    self.counters = counters
    self.trainer = trainer
    self.progress = progress
    self.run = run
    self.report = report
    self.shouldStop = shouldStop
  }

  /// Trains until the run ends.
  /// - Throws: `TrainingError.gaveUp`, or what the report throws; before that, a checkpoint is told.
  mutating func callAsFunction() throws -> TrainingResult {
    do {
      while true {
        if isValidationDue { try validate() }
        if isSnapshotDue { try emitSnapshot() }
        if let reason = reasonToEnd { return try end(reason) }
        if checkpointTimer.isDue(seconds: progress.seconds) { try emitCheckpoint() }
        if shouldStop() { return try end(.interrupted) }
        try step()
      }
    } catch let error where !(error is TrainingError) {
      // A model or a log could not be written: perhaps a checkpoint can.
      try? emitCheckpoint()
      throw error
    }
  }

  /// Validations come in steps, so that a run can be repeated exactly; one that was stopped is done again.
  private var isValidationDue: Bool {
    guard trainer.stepCount > counters.validatedStepCount else { return false }
    return isBudgetUsedUp
      || trainer.stepCount % validationInterval == 0 && progress.hasTimeForAnotherValidation
  }

  /// Steps between validations. By default a validation follows ten times as many tokens of training as it
  /// scores, so that it takes about a tenth of the work; it is counted in steps, so that a run can be repeated
  /// exactly.
  private var validationInterval: Int {
    if let every = run.configuration.evaluateEvery { return every }
    let shape = run.plan.batchShape
    return max(50, 10 * run.plan.validationTokens / (shape.batchSize * shape.windowLength))
  }

  private var reasonToEnd: TrainingResult.Reason? {
    guard trainer.stepCount == counters.validatedStepCount, trainer.stepCount > 0 else {
      return nil
    }
    if isBudgetUsedUp { return progress.reason }
    guard let patience = run.configuration.patience else { return nil }
    return counters.validationsSinceBest >= patience ? .patience : nil
  }

  // MARK: Steps

  private mutating func step() throws {
    do {
      let step = try trainer.step(
        progress: progress.fraction, learningRateScale: counters.learningRateScale)
      counters.skipsInARow = 0
      progress.advance(characters: Double(step.tokenCount) * run.plan.charactersPerToken)
      counters.history?.add(step)
      isBudgetUsedUp = progress.isFinished
      try report(.step(step, progress.pace))
    } catch TrainingError.notFinite(let number, let tensor) {
      try skip(number, tensor)
    }
  }

  private mutating func skip(_ number: Int, _ tensor: String) throws {
    progress.advance(characters: 0)
    isBudgetUsedUp = progress.isFinished
    counters.skipsInARow += 1
    try report(.skipped(SkippedStep(step: number, tensor: tensor)))
    if counters.skipsInARow >= Self.skipLimit || trainer.nonFiniteTensor != nil {
      try rollBack(from: number, tensor)
    }
  }

  private mutating func rollBack(from number: Int, _ tensor: String) throws {
    guard let lastGood else { preconditionFailure("there is always a good state") }
    trainer.restore(lastGood.state)
    progress.rollBack(to: lastGood.record.consumed)
    isBudgetUsedUp = false
    counters.skipsInARow = 0
    counters.validatedStepCount = min(counters.validatedStepCount, trainer.stepCount)
    counters.history = lastGood.record.counters.history
    counters.snapshotStepCount = counters.snapshotStepCount.map { min($0, trainer.stepCount) }
    guard counters.rollbackCount < Self.rollbackLimit else {
      counters.rollbackCount = 0  // whoever resumes this with other settings has them all again
      try emitCheckpoint()
      throw TrainingError.gaveUp(step: number, tensor: tensor, rollbackCount: Self.rollbackLimit)
    }
    counters.rollbackCount += 1
    counters.learningRateScale /= 2
    try report(
      .rolledBack(
        Rollback(step: trainer.stepCount, learningRateScale: counters.learningRateScale)))
  }

  // MARK: Validations

  /// Scores the weights and keeps them if they are the best so far; without a validation text the last ones
  /// are.
  private mutating func validate() throws {
    let weights = try trainer.weights()
    var score: Validator.Score?
    if let validator = run.validator {
      score = progress.validate { validator.score(weights, shouldStop: shouldStop) }
      guard let score else { return }  // stopped: it is done again when the run is resumed
      guard score.natsPerToken.isFinite else {
        return try rollBack(from: trainer.stepCount, "the validation's nats")
      }
    }
    counters.history?.record(
      step: trainer.stepCount, seconds: progress.seconds,
      validationNatsPerToken: score?.natsPerToken)
    let limit = best?.training.validationNatsPerToken ?? .infinity
    let isBest = score.map { $0.natsPerToken < limit } ?? isBudgetUsedUp
    if let score {
      try report(
        .validation(
          ValidationResult(
            step: trainer.stepCount, natsPerToken: score.natsPerToken,
            bitsPerCharacter: score.bitsPerCharacter, isBest: isBest)))
    }
    if isBest {
      let model = model(weights, score)
      try report(.improved(model))
      best = model
      bestParameters = nil
    }
    counters.validationsSinceBest = isBest || score == nil ? 0 : counters.validationsSinceBest + 1
    counters.validatedStepCount = trainer.stepCount
    // Weights with which steps are skipped have yet to prove themselves.
    guard counters.skipsInARow == 0 else { return }
    counters.rollbackCount = 0
    if !isBudgetUsedUp {
      lastGood = nil  // before the next one takes memory
      lastGood = checkpoint()
    }
  }

  // MARK: Snapshots

  /// They come behind the validation of their step, also where that was stopped and is done again.
  private var isSnapshotDue: Bool {
    guard let snapshotInterval, !isValidationDue else { return false }
    return trainer.stepCount > counters.snapshotStepCount ?? 0
      && trainer.stepCount % snapshotInterval == 0
  }

  private mutating func emitSnapshot() throws {
    counters.snapshotStepCount = trainer.stepCount
    let snapshot = try model(trainer.weights(), nil)
    let report = self.report
    try progress.pause { try report(.snapshot(snapshot)) }
  }

  private func model(_ weights: NetworkWeights, _ score: Validator.Score?) -> TextModel {
    let summary = TrainingSummary(
      configuration: run.configuration, steps: trainer.stepCount,
      charactersSeen: Int(progress.characters.rounded()), seconds: progress.seconds,
      trainingTokens: run.plan.trainingTokens, validationTokens: run.plan.validationTokens,
      validationNatsPerToken: score?.natsPerToken, history: counters.history?.history,
      earlierSteps: counters.earlierSteps)
    return TextModel(weights: weights, tokenizer: run.tokenizer, training: summary)
  }

  // MARK: Checkpoints

  private mutating func emitCheckpoint() throws {
    let begin = progress.seconds
    try report(.checkpoint(checkpoint()))
    checkpointTimer.note(begin: begin, end: progress.seconds)
  }

  private mutating func checkpoint() -> TrainingCheckpoint {
    if bestParameters == nil, let best {
      bestParameters = SharedParameters(ParameterBuffer(copying: best.weights.parameters))
    }
    return Self.checkpoint(
      of: run, trainer.state(), consumed: progress.consumed, counters: counters,
      best: best?.training,
      bestParameters: bestParameters)
  }

  private mutating func end(_ reason: TrainingResult.Reason) throws -> TrainingResult {
    if reason == .interrupted || checkpointTimer.plan.includesEnd { try emitCheckpoint() }
    return try TrainingResult(
      model: best ?? model(trainer.weights(), nil), reason: reason, stepCount: trainer.stepCount,
      charactersSeen: Int(progress.characters.rounded()), seconds: progress.seconds,
      charactersPerSecond: progress.charactersPerSecond)
  }

  private static func checkpoint(
    of run: TrainingRun, _ state: TrainerState, consumed: RunProgress.Consumption,
    counters: RunCounters, best: TrainingSummary?, bestParameters: SharedParameters?
  ) -> TrainingCheckpoint {
    TrainingCheckpoint(
      record: RunRecord(
        configuration: run.configuration, network: run.network, position: state.position,
        consumed: consumed, counters: counters, best: best, tokenCount: run.tokens.count,
        validationTokenCount: run.separateValidationTokenCount),
      tokenizer: run.tokenizer, state: state, best: bestParameters)
  }

  private static func bestModel(
    of checkpoint: TrainingCheckpoint, _ run: TrainingRun
  ) -> TextModel? {
    guard let summary = checkpoint.record.best, let best = checkpoint.best else { return nil }
    let weights = NetworkWeights(
      configuration: run.network, parameters: ParameterBuffer(copying: best.values),
      processor: run.processor)
    return TextModel(weights: weights, tokenizer: run.tokenizer, training: summary)
  }

  // MARK: The beginning

  /// The parameters before the first step.
  private static func initialParameters(of run: TrainingRun) -> ParameterBuffer {
    if let origin = run.origin { return ParameterBuffer(copying: origin.weights.parameters) }
    return ParameterBuffer(
      configuration: run.network, initialization: run.configuration.initialization,
      seed: run.configuration.seed)
  }
}
