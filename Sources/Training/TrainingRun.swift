import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// A whole training run: windows of the corpus until the budget is used up, validations in between, and the
/// best weights kept.
///
/// ```swift
/// let tokenizer = try Tokenizer.fit([source], configuration: TokenizerConfiguration())
/// let tokens = try TokenFile.write([source], tokenizer: tokenizer, beside: "model.safetensors")
/// let network = NetworkConfiguration(
///   vocabularySize: tokenizer.vocabularySize, embeddingSize: 128, hiddenSize: 128, layerCount: 1)
/// let run = try TrainingRun(
///   tokens: tokens, tokenizer: tokenizer, network: network,
///   configuration: TrainingConfiguration(), processor: Processor(threadCount: 2))
/// let result = try run.run { event in print(event) }
/// try result.model.write(to: "model.safetensors")
/// ```
///
/// A run whose budget is in steps or epochs gives the same weights, to the bit, whenever it is repeated
/// with the same instruction set.
public struct TrainingRun {
  private let tokens: TokenFile
  private let tokenizer: Tokenizer
  private let network: NetworkConfiguration
  private let configuration: TrainingConfiguration
  private let processor: Processor
  private let split: TokenSplit
  private let validator: Validator?
  private let plan: TrainingPlan
  private let origin: TextModel?

  /// - Parameters:
  ///   - tokens: the corpus, each text preceded by `Vocabulary.endOfText`.
  ///   - name: what messages call the corpus.
  ///   - validationTokens: a text of its own to validate with, in place of the corpus's tail.
  ///   - origin: a model of this tokenizer and network to go on from, in place of random weights.
  /// - Throws: `TrainingError.textTooShort` or `.invalidSetting`, `NetworkError`.
  public init(
    tokens: TokenFile, name: String = "The text", tokenizer: Tokenizer,
    network: NetworkConfiguration, configuration: TrainingConfiguration,
    validationTokens: TokenFile? = nil, startingFrom origin: TextModel? = nil,
    processor: Processor
  ) throws {
    try configuration.validate(for: network.cell)
    try network.validate()
    precondition(network.vocabularySize == tokenizer.vocabularySize, "the vocabularies differ")
    precondition(origin?.weights.configuration ?? network == network, "the networks differ")
    guard tokens.count >= 3 else {
      throw TrainingError.textTooShort(name: name, characterCount: max(0, tokens.count - 1))
    }
    let split = TokenSplit(
      tokenCount: tokens.count,
      validationFraction: validationTokens == nil ? configuration.validationFraction : 0)
    let requested = BatchShape(
      batchSize: configuration.batchSize, windowLength: configuration.windowLength)
    let shape = requested.fitted(tokenCount: split.training.count)
    self.tokens = tokens
    self.tokenizer = tokenizer
    self.network = network
    self.configuration = configuration.with(shape)
    self.processor = processor
    self.split = split
    self.origin = origin
    validator = Self.validator(
      tokens, split, validationTokens, tokenizer: tokenizer, processor: processor)
    let statistics = tokens.statistics
    plan = TrainingPlan(
      parameterCount: ParameterLayout(network).count, trainingTokens: split.training.count,
      validationTokens: validator?.range.count ?? 0,
      lacksValidation: validator == nil && configuration.validationFraction > 0,
      charactersPerToken: statistics.tokenCount > 0
        ? Double(statistics.characterCount) / Double(statistics.tokenCount) : 1,
      batchShape: shape, requestedBatchShape: shape == requested ? nil : requested)
  }

  private static func validator(
    _ tokens: TokenFile, _ split: TokenSplit, _ own: TokenFile?, tokenizer: Tokenizer,
    processor: Processor
  ) -> Validator? {
    let text = own ?? tokens
    let statistics = text.statistics
    let validator = Validator(
      tokens: text, range: own.map { min(1, $0.count)..<$0.count } ?? split.validation,
      natsPerUnknown: statistics.unknownNats / Double(max(1, statistics.unknownCount)),
      characterCounts: tokenizer.characterCounts, processor: processor)
    return validator.range.isEmpty ? nil : validator
  }

  /// Trains until the budget is used up.
  /// - Parameters:
  ///   - snapshotInterval: steps between snapshots; nil for none.
  ///   - report: is told what happens; what it throws ends the run.
  /// - Throws: `TrainingError.notFinite`, or what `report` throws.
  public func run(
    snapshotEvery snapshotInterval: Int? = nil, report: (TrainingEvent) throws -> Void
  ) throws -> TrainingResult {
    try report(.started(plan))
    var trainer = Trainer(
      network: network, configuration: configuration, parameters: initialParameters,
      tokens: tokens, range: split.training, processor: processor)
    var progress = RunProgress(
      configuration.budget, windowsPerEpoch: trainer.windowsPerEpoch,
      reservedSeconds: try validator.map { try $0.estimatedSeconds(trainer.weights()) } ?? 0)
    var best: TextModel?
    var history = HistoryRecorder()
    let interval = validationInterval
    var isLast = false
    while !isLast {
      let step = try trainer.step(progress: progress.fraction)
      progress.advance(characters: Double(step.tokenCount) * plan.charactersPerToken)
      isLast = progress.isFinished
      history.add(step)
      try report(.step(step, progress.pace))
      if isLast || step.number % interval == 0 && progress.hasTimeForAnotherValidation {
        try validate(trainer, &progress, isLast: isLast, &history, &best, report)
      }
      if let snapshotInterval, step.number % snapshotInterval == 0 {
        let summary = summary(trainer, progress, history.history, nil)
        try progress.pause {
          let weights = try trainer.weights()
          try report(
            .snapshot(TextModel(weights: weights, tokenizer: tokenizer, training: summary)))
        }
      }
    }
    return TrainingResult(
      model: best!, reason: progress.reason, stepCount: trainer.stepCount,
      charactersSeen: Int(progress.characters.rounded()), seconds: progress.seconds,
      charactersPerSecond: progress.charactersPerSecond)
  }

  /// Scores the weights and keeps them if they are the best so far; without a validation text the last ones
  /// are.
  private func validate(
    _ trainer: borrowing Trainer, _ progress: inout RunProgress, isLast: Bool,
    _ history: inout HistoryRecorder, _ best: inout TextModel?,
    _ report: (TrainingEvent) throws -> Void
  ) throws {
    guard validator != nil || isLast else {
      return history.record(
        step: trainer.stepCount, seconds: progress.seconds, validationNatsPerToken: nil)
    }
    let weights = try trainer.weights()
    let score = validator.map { validator in
      progress.validate { validator.score(weights) }
    }
    guard score?.natsPerToken.isFinite ?? true else {
      throw TrainingError.notFinite(step: trainer.stepCount)
    }
    history.record(
      step: trainer.stepCount, seconds: progress.seconds,
      validationNatsPerToken: score?.natsPerToken)
    let limit = best?.training.validationNatsPerToken ?? .infinity
    let isBest = score.map { $0.natsPerToken < limit } ?? true
    if let score {
      try report(
        .validation(
          ValidationResult(
            step: trainer.stepCount, natsPerToken: score.natsPerToken,
            bitsPerCharacter: score.bitsPerCharacter, isBest: isBest)))
    }
    guard isBest || best == nil else { return }
    let summary = summary(trainer, progress, history.history, score?.natsPerToken)
    let model = TextModel(weights: weights, tokenizer: tokenizer, training: summary)
    best = model
    try report(.improved(model))
  }

  private func summary(
    _ trainer: borrowing Trainer, _ progress: RunProgress, _ history: TrainingHistory,
    _ validationNatsPerToken: Double?
  ) -> TrainingSummary {
    TrainingSummary(
      configuration: configuration, steps: trainer.stepCount,
      charactersSeen: Int(progress.characters.rounded()), seconds: progress.seconds,
      trainingTokens: plan.trainingTokens, validationTokens: plan.validationTokens,
      validationNatsPerToken: validationNatsPerToken, history: history,
      earlierSteps: origin.map { $0.training.steps &+ ($0.training.earlierSteps ?? 0) })
  }

  private var initialParameters: ParameterBuffer {
    if let origin { return ParameterBuffer(copying: origin.weights.parameters) }
    return ParameterBuffer(
      configuration: network, initialization: configuration.initialization,
      seed: configuration.seed)
  }

  /// Steps between validations: by default a validation follows ten times its own tokens of training, so that
  /// it takes about a tenth of the work; in whole steps, so that a run can be repeated exactly.
  private var validationInterval: Int {
    if let every = configuration.evaluateEvery { return every }
    let shape = plan.batchShape
    return max(50, 10 * plan.validationTokens / (shape.batchSize * shape.windowLength))
  }
}

extension TrainingConfiguration {
  fileprivate func with(_ shape: BatchShape) -> TrainingConfiguration {
    var copy = self
    copy.batchSize = shape.batchSize
    copy.windowLength = shape.windowLength
    return copy
  }
}
