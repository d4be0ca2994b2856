import ArgumentParser
import ModelFiles
import RecurrentNetwork
import Training

/// How the network is trained.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Lanes of the text that run side by side. (default: 32)", valueName: "b"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      "Characters through which gradients flow back. (default: 64)", valueName: "t"))
  var window: Int?

  @Option(
    help: """
      Where the lanes of an epoch begin: the first one always at the begin of the text, or elsewhere in each \
      epoch. (default: fixed)
      """)
  var laneOffsets: TrainingConfiguration.LaneOffsets?

  @Option(
    help: ArgumentHelp("How long to train: in steps. (default: 2000 steps)", valueName: "n"))
  var maxSteps: Int?

  @Option(help: ArgumentHelp("How long to train: in passes over the text.", valueName: "x"))
  var epochs: Double?

  @Option(
    help: ArgumentHelp(
      "How long to train: in minutes of this run; what is not given is then chosen.", valueName: "x"
    ))
  var minutes: Double?

  @Option(help: "Decides initial weights and dropout: same seed, same model. (default: 1)")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "The share of units dropped after each layer in training. (default: 0)", valueName: "x"))
  var dropout: Double?

  @Option(
    help: "How long these units stay dropped: for a window, or for a step. (default: locked)")
  var dropoutMask: Dropout.MaskKind?

  @Option(
    help: ArgumentHelp(
      "The share of symbols that read as nothing during a window of training. (default: 0)",
      valueName: "x"))
  var embeddingDropout: Double?

  @Option(
    help: ArgumentHelp(
      "The share of recurrent weights that are dropped during a window of training. (default: 0)",
      valueName: "x"))
  var recurrentDropout: Double?

  @Option(
    help: ArgumentHelp(
      "The share of the text to validate with instead of training on it. "
        + "(default: 0.1)", valueName: "x"))
  var validationFraction: Double?

  @Option(
    help: ArgumentHelp(
      "Where that share lies: at the end of the text, or in blocks spread evenly over it. "
        + "(default: tail)"))
  var validationSplit: ValidationSplit?

  @Option(help: "Validate with this text in place of a part of the corpus.")
  var validationFile: String?

  @Option(
    help: ArgumentHelp(
      "Steps between validations. (default: so that they take about a tenth of the time)",
      valueName: "n"))
  var evaluateEvery: Int?

  @Option(
    help: ArgumentHelp(
      "End after this many validations without improvement. (default: never)", valueName: "n"))
  var patience: Int?

  /// - Parameter base: what holds where an option was not given.
  /// - Throws: `UsageError`.
  func configuration(
    _ optimizer: OptimizerOptions, base: TrainingConfiguration
  ) throws -> TrainingConfiguration {
    guard validationFile == nil || validationSplit != .interleaved else {
      throw UsageError.excludes(
        option: "--validation-split interleaved", other: "--validation-file")
    }
    var configuration = configurationWithoutBudget(optimizer, base: base)
    set(&configuration.budget, try budget())
    return configuration
  }

  /// - Throws: `UsageError.severalBudgets`.
  func budget() throws -> TrainingConfiguration.Budget? {
    switch (maxSteps, epochs, minutes) {
    case (nil, nil, nil): nil
    case (let steps?, nil, nil): .init(Double(steps), .steps)
    case (nil, let epochs?, nil): .init(epochs, .epochs)
    case (nil, nil, let minutes?): .init(minutes, .minutes)
    default: throw UsageError.severalBudgets
    }
  }

  /// The same with the base's budget.
  func configurationWithoutBudget(
    _ optimizer: OptimizerOptions, base: TrainingConfiguration
  ) -> TrainingConfiguration {
    var configuration = base
    set(&configuration.batchSize, batchSize)
    set(&configuration.windowLength, window)
    set(&configuration.laneOffsets, laneOffsets)
    set(&configuration.seed, seed)
    optimizer.apply(to: &configuration)
    set(&configuration.dropout, dropout)
    // The base's kind of mask means nothing without dropout.
    if dropout == 0 { configuration.dropoutMask = .locked }
    set(&configuration.dropoutMask, dropoutMask)
    set(&configuration.embeddingDropout, embeddingDropout)
    set(&configuration.recurrentDropout, recurrentDropout)
    set(&configuration.validationFraction, validationFraction)
    // Where nothing is kept, the base's way to keep it means nothing.
    if validationFraction == 0 || validationFile != nil { configuration.validationSplit = .tail }
    set(&configuration.validationSplit, validationSplit)
    set(&configuration.evaluateEvery, evaluateEvery)
    set(&configuration.patience, patience)
    return configuration
  }
}

/// Changes a setting whose option was given.
func set<Value>(_ setting: inout Value, _ given: Value?) {
  if let given { setting = given }
}

func set<Value>(_ setting: inout Value?, _ given: Value?) {
  if let given { setting = given }
}

extension TrainingConfiguration.LaneOffsets: ExpressibleByArgument {}

extension Dropout.MaskKind: ExpressibleByArgument {}
extension ValidationSplit: ExpressibleByArgument {}
