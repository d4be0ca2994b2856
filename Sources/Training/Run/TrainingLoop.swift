import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// The loop of a running training run: steps, validations, checkpoints, and roll-backs.
///
/// A step that finds infinities or NaNs is skipped. After three skipped steps in a row, or at once
/// if the weights themselves are no longer finite, the run rolls back to its last good state and
/// halves the learning rate. That state is the one of the last validation that followed a completed
/// step, or the initial one. The run gives up when three roll-backs to the same state have not
/// helped.
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
  private let sources: TrainingSources?
  private var isBudgetConsumed: Bool

  private static let skipLimit = 3
  private static let rollbackLimit = 3

  init(
    _ run: TrainingRun, resuming checkpoint: TrainingCheckpoint?, checkpoints: CheckpointPlan,
    snapshotEvery snapshotInterval: Int?, shouldStop: @escaping () -> Bool,
    report: @escaping (TrainingEvent) throws -> Void
  ) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let engine = run.backend.makeEngine(
      run.network, run.configuration, Self.initialParameters(of: run), run.processor)
    var trainer = Trainer(
      engine, configuration: run.configuration, tokens: run.tokens, positions: run.split.training)
    var consumed = RunProgress.Consumption()
    if let checkpoint {
      trainer.restore(checkpoint.state)
      consumed = checkpoint.record.consumed
    } else {
      consumed.reservedSeconds = try run.validator?.estimatedSeconds(trainer.weights()) ?? 0
      let seconds = run.preparationSeconds + start.duration(to: clock.now).seconds
      (consumed.seconds, consumed.pausedSeconds) = (seconds, seconds)
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
      counters.learningRateScale = 1  // a newly chosen rate is used as given
    }
    let best = checkpoint.flatMap { Self.bestModel(of: $0, run) }
    let sources = checkpoint?.sources ?? run.sources
    lastGood =
      checkpoint
      ?? Self.checkpoint(
        of: run, trainer.state(), consumed: consumed, counters: counters, best: nil,
        bestParameters: nil, sources: sources)
    isBudgetConsumed = progress.isFinished
    checkpointTimer = CheckpointTimer(checkpoints, seconds: consumed.seconds)
    self.snapshotInterval = snapshotInterval
    self.sources = sources
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
  /// - Throws: `TrainingError.gaveUp` after emitting a checkpoint; or what `report` throws, after
  ///   an attempt to emit one.
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
      // A model or a log could not be written; perhaps a checkpoint can be.
      try? emitCheckpoint()
      throw error
    }
  }

  /// Validations are due at fixed steps, so that a run can be repeated exactly; one that was
  /// stopped is repeated.
  ///
  /// A model that is trained further is validated before the first step: if nothing is better, its
  /// own weights are the result.
  private var isValidationDue: Bool {
    if trainer.stepCount == 0 {
      return run.origin != nil && run.validator != nil && counters.originNatsPerToken == nil
    }
    guard trainer.stepCount > counters.validatedStepCount else { return false }
    return isBudgetConsumed
      || trainer.stepCount % validationInterval == 0 && progress.hasTimeForAnotherValidation
  }

  /// Steps between validations. By default, training takes ten times as many tokens between two
  /// validations as one of them scores, so that validations take about a tenth of the work. The
  /// interval is counted in steps, so that a run can be repeated exactly.
  private var validationInterval: Int {
    if let every = run.configuration.evaluateEvery { return every }
    let shape = run.plan.batchShape
    return max(50, 10 * run.plan.validationTokens / (shape.batchSize * shape.windowLength))
  }

  private var reasonToEnd: TrainingResult.Reason? {
    guard trainer.stepCount == counters.validatedStepCount, trainer.stepCount > 0 else {
      return nil
    }
    if isBudgetConsumed { return progress.reason }
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
      if step.number == 1 { counters.firstNatsPerToken = step.natsPerToken }
      isBudgetConsumed = progress.isFinished
      try report(.step(step, progress.pace))
    } catch TrainingError.notFinite(let number, let tensor) {
      try skip(number, tensor)
    }
  }

  private mutating func skip(_ number: Int, _ tensor: String) throws {
    progress.advance(characters: 0)
    isBudgetConsumed = progress.isFinished
    counters.skipsInARow += 1
    try report(.skipped(SkippedStep(step: number, tensor: tensor)))
    if counters.skipsInARow >= Self.skipLimit || trainer.engine.nonFiniteTensor != nil {
      try rollBack(from: number, tensor)
    }
  }

  private mutating func rollBack(from number: Int, _ tensor: String) throws {
    guard let lastGood else { preconditionFailure("there is always a good state") }
    trainer.restore(lastGood.state)
    progress.rollBack(to: lastGood.record.consumed)
    isBudgetConsumed = false
    counters.skipsInARow = 0
    counters.validatedStepCount = min(counters.validatedStepCount, trainer.stepCount)
    counters.history = lastGood.record.counters.history
    counters.snapshotStepCount = counters.snapshotStepCount.map { min($0, trainer.stepCount) }
    guard counters.rollbackCount < Self.rollbackLimit else {
      counters.rollbackCount = 0  // a resumed run with other settings has all of them again
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

  /// Scores the weights and keeps them if they are the best so far. Without a validation text, the
  /// last weights are the best.
  private mutating func validate() throws {
    let weights = try trainer.weights()
    var score: Validator.Score?
    if let validator = run.validator {
      score = progress.validate { validator.score(weights, shouldStop: shouldStop) }
      guard let score else { return }  // stopped: it is repeated when the run is resumed
      guard score.natsPerToken.isFinite else {
        return try rollBack(from: trainer.stepCount, "the validation's nats")
      }
    }
    let seconds = progress.seconds
    if trainer.stepCount == 0 {
      counters.originNatsPerToken = score?.natsPerToken
    } else {
      counters.lastNatsPerToken = score?.natsPerToken
      counters.history?.record(
        step: trainer.stepCount, seconds: seconds, validationNatsPerToken: score?.natsPerToken)
    }
    let limit = best?.training.validationNatsPerToken ?? .infinity
    let isBest = score.map { $0.natsPerToken < limit } ?? isBudgetConsumed
    if let score {
      try report(
        .validation(
          ValidationResult(
            step: trainer.stepCount, natsPerToken: score.natsPerToken,
            bitsPerCharacter: score.bitsPerCharacter, isBest: isBest, seconds: seconds)))
    }
    if isBest {
      let model = model(weights, score)
      try report(.improved(model))
      best = model
      bestParameters = nil
    }
    counters.validationsSinceBest = isBest || score == nil ? 0 : counters.validationsSinceBest + 1
    counters.validatedStepCount = trainer.stepCount
    // While steps are skipped, the weights are not yet known to be good.
    guard counters.skipsInARow == 0 else { return }
    counters.rollbackCount = 0
    if !isBudgetConsumed {
      lastGood = nil  // before the next one takes memory
      lastGood = checkpoint()
    }
  }

  // MARK: Snapshots

  /// Snapshots follow the validation of their step, even if that was stopped and is repeated.
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
      earlierSteps: counters.earlierSteps, sources: sources)
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
      bestParameters: bestParameters, sources: sources)
  }

  private mutating func end(_ reason: TrainingResult.Reason) throws -> TrainingResult {
    if reason == .interrupted || checkpointTimer.plan.includesEnd { try emitCheckpoint() }
    return try TrainingResult(
      model: best ?? model(trainer.weights(), nil), reason: reason, stepCount: trainer.stepCount,
      charactersSeen: Int(progress.characters.rounded()), seconds: progress.seconds,
      charactersPerSecond: progress.charactersPerSecond,
      originNatsPerToken: counters.originNatsPerToken,
      firstNatsPerToken: counters.firstNatsPerToken,
      lastNatsPerToken: counters.lastNatsPerToken)
  }

  private static func checkpoint(
    of run: TrainingRun, _ state: TrainerState, consumed: RunProgress.Consumption,
    counters: RunCounters, best: TrainingSummary?, bestParameters: SharedParameters?,
    sources: TrainingSources?
  ) -> TrainingCheckpoint {
    TrainingCheckpoint(
      record: RunRecord(
        configuration: run.configuration, network: run.network, position: state.position,
        consumed: consumed, counters: counters, best: best, tokenCount: run.tokens.count,
        validationTokenCount: run.separateValidationTokenCount, sources: sources),
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

  // MARK: Initial parameters

  /// The parameters before the first step.
  private static func initialParameters(of run: TrainingRun) -> ParameterBuffer {
    if let origin = run.origin { return ParameterBuffer(copying: origin.weights.parameters) }
    let parameters = ParameterBuffer(
      configuration: run.network, initialization: run.configuration.initialization,
      seed: run.configuration.seed)
    if run.configuration.initialization.outputBias == .frequencies {
      parameters.setOutputBias(
        counts: run.split.training.tokenCounts(in: run.tokens, vocabularySize: run.vocabularySize))
    }
    return parameters
  }
}
