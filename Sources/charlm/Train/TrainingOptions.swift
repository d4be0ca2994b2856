import ArgumentParser
import ModelFiles
import Processes
import RecurrentNetwork
import Training

/// The options of the training itself: batches, duration, dropout and validation.
struct TrainingOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Duration of this run in minutes; settings that are not given are then chosen. "
        + "(default: \(Int(TrainingOptions.defaultBudget.amount)), without another duration)",
      valueName: "x"))
  var minutes: Double?

  @Option(
    help: ArgumentHelp("Duration of the training in steps.", valueName: "n"))
  var maxSteps: Int?

  @Option(help: ArgumentHelp("Duration of the training in passes over the text.", valueName: "x"))
  var epochs: Double?

  @Option(
    help: ArgumentHelp(
      "Lanes: parts of the text that are trained on in parallel. (default: 32)", valueName: "b"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      "Parts of a batch, of which each process under mpirun computes an equal number; the weights "
        + "depend on it. (default: one for each process)", valueName: "s"))
  var shards: Int?

  @Option(
    help: ArgumentHelp(
      "Characters through which gradients are backpropagated. (default: 64)", valueName: "t"))
  var window: Int?

  @Option(
    help: """
      Where the lanes of an epoch begin. fixed: at the beginning of the text; random: at a new \
      place in each epoch. (default: fixed)
      """)
  var laneOffsets: TrainingConfiguration.LaneOffsets?

  @Option(
    name: .shortAndLong, help: "Random seed of the initial weights and of dropout. (default: 1)")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Dropout: fraction of units zeroed after each layer. (default: 0)", valueName: "x"))
  var dropout: Double?

  @Option(
    help: "Lifetime of a dropout mask: a window (locked) or a time step. (default: locked)")
  var dropoutMask: Dropout.MaskKind?

  @Option(
    help: ArgumentHelp(
      "Embedding dropout: fraction of vocabulary entries zeroed for a window. (default: 0)",
      valueName: "x"))
  var embeddingDropout: Double?

  @Option(
    help: ArgumentHelp(
      "Recurrent dropout: fraction of recurrent weights zeroed for a window. (default: 0)",
      valueName: "x"))
  var recurrentDropout: Double?

  @Option(
    help: ArgumentHelp(
      "Fraction of the text to hold out for validation. (default: 0.1)", valueName: "x"))
  var validationFraction: Double?

  @Option(
    help: ArgumentHelp(
      "Where to hold it out: at the end of the text, or in blocks spread evenly over it. "
        + "(default: tail)"))
  var validationSplit: ValidationSplit?

  @Option(help: "Validate on this text instead of a part of the corpus.", completion: .file())
  var validationFile: String?

  @Option(
    help: ArgumentHelp(
      "Steps between validations. (default: validations take about a tenth of the time)",
      valueName: "n"))
  var evaluateEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Stop after this many validations without improvement. (default: never)", valueName: "n"))
  var patience: Int?

  /// - Parameter base: replaces the defaults of options that are not given.
  /// - Throws: `UsageError`.
  func configuration(
    _ optimizer: OptimizerOptions, base: TrainingConfiguration
  ) throws -> TrainingConfiguration {
    guard validationFile == nil || validationSplit != .interleaved else {
      throw UsageError.excludes(
        option: "--validation-split interleaved", other: "--validation-file")
    }
    guard patience == nil || validationFile != nil || validationFraction != 0 else {
      throw UsageError.needs(option: "--patience", other: "validation")
    }
    var configuration = configurationWithoutBudget(optimizer, base: base)
    configuration.budget = try budget() ?? Self.defaultBudget
    return configuration
  }

  /// The budget if none is given: long enough for readable text from a short book.
  static let defaultBudget = TrainingConfiguration.Budget(3, .minutes)

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

  /// The same settings with the budget of the base.
  func configurationWithoutBudget(
    _ optimizer: OptimizerOptions, base: TrainingConfiguration
  ) -> TrainingConfiguration {
    var configuration = base
    override(&configuration.batchSize, with: batchSize)
    configuration.shards = shards ?? ProcessGroup.current?.count ?? 1
    override(&configuration.windowLength, with: window)
    override(&configuration.laneOffsets, with: laneOffsets)
    override(&configuration.seed, with: seed)
    optimizer.apply(to: &configuration)
    override(&configuration.dropout, with: dropout)
    // The mask of the base has no effect without dropout.
    if dropout == 0 { configuration.dropoutMask = .locked }
    override(&configuration.dropoutMask, with: dropoutMask)
    override(&configuration.embeddingDropout, with: embeddingDropout)
    override(&configuration.recurrentDropout, with: recurrentDropout)
    override(&configuration.validationFraction, with: validationFraction)
    // The split of the base has no effect if nothing is held out.
    if validationFraction == 0 || validationFile != nil { configuration.validationSplit = .tail }
    override(&configuration.validationSplit, with: validationSplit)
    override(&configuration.evaluateEvery, with: evaluateEvery)
    override(&configuration.patience, with: patience)
    return configuration
  }
}

extension TrainingConfiguration.LaneOffsets: ExpressibleByArgument {}

extension Dropout.MaskKind: ExpressibleByArgument {}
extension ValidationSplit: ExpressibleByArgument {}
