import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// A complete training run: trains on windows of the corpus until the budget is consumed, validates
/// in between, and keeps the best weights.
///
/// ```swift
/// import Kernels
/// import ModelFiles
/// import RecurrentNetwork
/// import Tokenization
/// import Training
///
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
/// A run whose budget is in steps or epochs gives the same weights, to the bit, every time it is
/// repeated with the same instruction set.
public struct TrainingRun {
  let tokens: TokenFile
  package let tokenizer: Tokenizer
  let network: NetworkConfiguration
  let configuration: TrainingConfiguration
  let processor: Processor
  let split: TokenSplit
  let validator: Validator?
  package let plan: TrainingPlan
  let preparationSeconds: Double
  let origin: TextModel?
  let sources: TrainingSources?
  /// Tokens of a separate validation text.
  let separateValidationTokenCount: Int?
  let backend: ComputeBackend

  /// - Parameters:
  ///   - tokens: the corpus, each text preceded by `Vocabulary.endOfText`.
  ///   - name: the corpus's name in messages.
  ///   - tokenizer: that of the tokens, which the models record.
  ///   - network: the network to train.
  ///   - configuration: all settings of the training.
  ///   - validationTokens: a separate text to validate with, instead of a part of the corpus.
  ///   - origin: a model with this tokenizer and network to start from, instead of random weights;
  ///     a resumed run needs none.
  ///   - sources: what the models record of their texts; a resumed run takes them from its
  ///     checkpoint.
  ///   - preparationSeconds: the time that preparations took from a budget in minutes.
  ///   - backend: where the run computes.
  ///   - processor: the instruction set and the threads to compute with.
  /// - Throws: `TrainingError.textTooShort` or `.tooFewLanes`, `TrainingSettingsError` or `NetworkError`.
  public init(
    tokens: TokenFile, name: String = "The text", tokenizer: Tokenizer,
    network: NetworkConfiguration, configuration: TrainingConfiguration,
    validationTokens: TokenFile? = nil, startingFrom origin: TextModel? = nil,
    sources: TrainingSources? = nil, preparationSeconds: Double = 0,
    backend: ComputeBackend = ComputeBackend(), processor: Processor
  ) throws {
    try configuration.validate(for: network.cell)
    try network.validate()
    precondition(network.vocabularySize == tokenizer.vocabularySize, "the vocabularies differ")
    precondition(origin?.weights.configuration ?? network == network, "the networks differ")
    let split = try TokenSplit(
      tokens, name: name,
      validationFraction: validationTokens == nil ? configuration.validationFraction : 0,
      validationSplit: configuration.validationSplit)
    let requested = BatchShape(
      batchSize: configuration.batchSize, windowLength: configuration.windowLength)
    let shape = requested.fitted(tokenCount: split.training.count)
    try shape.check(shards: configuration.shards, of: name)
    self.tokens = tokens
    self.tokenizer = tokenizer
    self.network = network
    self.configuration = configuration.with(shape)
    self.processor = processor
    self.split = split
    self.origin = origin
    self.sources = sources
    self.preparationSeconds = preparationSeconds
    self.backend = backend
    separateValidationTokenCount = validationTokens?.count
    validator = Self.validator(
      tokens, split, validationTokens, tokenizer: tokenizer, backend: backend, processor: processor)
    let statistics = tokens.statistics
    plan = TrainingPlan(
      network: network, configuration: self.configuration,
      parameterCount: ParameterLayout(network).count, trainingTokens: split.training.count,
      validationTokens: validator?.positions.count ?? 0,
      lacksValidation: validator == nil && configuration.validationFraction > 0,
      charactersPerToken: statistics.tokenCount > 0
        ? Double(statistics.characterCount) / Double(statistics.tokenCount) : 1,
      batchShape: shape, requestedBatchShape: shape == requested ? nil : requested)
  }

  private static func validator(
    _ tokens: TokenFile, _ split: TokenSplit, _ own: TokenFile?, tokenizer: Tokenizer,
    backend: ComputeBackend, processor: Processor
  ) -> Validator? {
    let text = own ?? tokens
    let statistics = text.statistics
    let validator = Validator(
      tokens: text,
      positions: own.map { TokenPositions(min(1, $0.count)..<$0.count) } ?? split.validation,
      natsPerUnknown: statistics.unknownNats / Double(max(1, statistics.unknownCount)),
      characterCounts: tokenizer.characterCounts, makeScorer: backend.makeScorer,
      processor: processor)
    return validator.positions.isEmpty ? nil : validator
  }

  package var vocabularySize: Int { tokenizer.vocabularySize }

  /// Trains until the budget is consumed, the validation no longer improves, or `shouldStop`
  /// returns true.
  /// - Parameters:
  ///   - checkpoint: the state in which an earlier run of the same texts stopped. With the same
  ///     instruction set and budget, this run gives the same bits as if that one had not stopped. A
  ///     larger budget also changes the learning rates of schedules that end with the budget.
  ///   - checkpoints: how often to emit checkpoints.
  ///   - snapshotInterval: steps between snapshots; nil for none.
  ///   - shouldStop: called after every step and within validations; once true, it must stay true.
  ///   - report: receives the events. An error that it throws ends the run, after an attempt to
  ///     emit a checkpoint.
  /// - Throws: `TrainingError.gaveUp`, `CheckpointError.otherText`, or what `report` throws.
  /// - Precondition: the checkpoint's network and settings equal the run's, except for the budget,
  ///   learning rate, validations and patience.
  public func run(
    resuming checkpoint: TrainingCheckpoint? = nil, checkpoints: CheckpointPlan = CheckpointPlan(),
    snapshotEvery snapshotInterval: Int? = nil, shouldStop: () -> Bool = { false },
    report: (TrainingEvent) throws -> Void
  ) throws -> TrainingResult {
    if let checkpoint { try check(checkpoint) }
    try report(.started(plan))
    return try withoutActuallyEscaping(shouldStop) { shouldStop in
      try withoutActuallyEscaping(report) { report in
        var loop = try TrainingLoop(
          self, resuming: checkpoint, checkpoints: checkpoints, snapshotEvery: snapshotInterval,
          shouldStop: shouldStop, report: report)
        return try loop()
      }
    }
  }

  /// Rejects a checkpoint of other texts; its network and settings must be this run's.
  private func check(_ checkpoint: TrainingCheckpoint) throws {
    let record = checkpoint.record
    precondition(record.network == network, "the checkpoint is of another network")
    for (name, found, expected) in [
      ("The text", tokens.count, record.tokenCount),
      ("The validation text", separateValidationTokenCount ?? 0, record.validationTokenCount ?? 0),
    ] where found != expected {
      throw CheckpointError.otherText(
        name: name, reason: "it has \(found) tokens instead of \(expected)")
    }
    guard separateValidationTokenCount != nil || keepsTheSame(as: record.configuration) else {
      throw CheckpointError.otherText(
        name: "The text", reason: "another part of it is kept for validation")
    }
    let shape = BatchShape(
      batchSize: record.configuration.batchSize, windowLength: record.configuration.windowLength)
    guard shape == plan.batchShape,
      record.position.lanePosition < split.training.count / shape.batchSize
    else {
      throw CheckpointError.otherText(name: "The text", reason: "its lanes are shorter")
    }
  }

  private func keepsTheSame(as other: TrainingConfiguration) -> Bool {
    configuration.validationFraction == other.validationFraction
      && configuration.validationSplit == other.validationSplit
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
