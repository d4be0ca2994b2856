import ArgumentParser
import ModelFiles
import RecurrentNetwork

/// How the network is trained.
struct TrainingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Lanes of the text that run side by side.", valueName: "b"))
  var batchSize = 32

  @Option(help: ArgumentHelp("Characters through which gradients flow back.", valueName: "t"))
  var window = 64

  @Option(
    help: ArgumentHelp("How long to train: in steps. (default: 2000 steps)", valueName: "n"))
  var maxSteps: Int?

  @Option(help: ArgumentHelp("How long to train: in passes over the text.", valueName: "x"))
  var epochs: Double?

  @Option(help: ArgumentHelp("How long to train: in minutes of this run.", valueName: "x"))
  var minutes: Double?

  @Option(help: "Decides initial weights and dropout: same seed, same model.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp("The share of units dropped after each layer in training.", valueName: "x"))
  var dropout = 0.0

  @Option(help: "How long these units stay dropped: for a window, or for a step.")
  var dropoutMask: Dropout.MaskKind = .locked

  @Option(
    help: ArgumentHelp(
      "The share of symbols that read as nothing during a window of training.", valueName: "x"))
  var embeddingDropout = 0.0

  @Option(
    help: ArgumentHelp(
      "The share of recurrent weights that are dropped during a window of training.",
      valueName: "x"))
  var recurrentDropout = 0.0

  @Option(
    help: ArgumentHelp(
      "The share of the text, at its end, to validate with instead of training on it.",
      valueName: "x"))
  var validationFraction = 0.1

  @Option(help: "Validate with this text in place of the corpus's end.")
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

  /// - Throws: `UsageError.severalBudgets`.
  func configuration(_ optimizer: OptimizerOptions) throws -> TrainingConfiguration {
    var configuration = configurationWithoutBudget(optimizer)
    configuration.budget = try budget() ?? configuration.budget
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

  func configurationWithoutBudget(_ optimizer: OptimizerOptions) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.batchSize = batchSize
    configuration.windowLength = window
    configuration.seed = seed
    optimizer.apply(to: &configuration)
    configuration.dropout = dropout
    configuration.dropoutMask = dropoutMask
    configuration.embeddingDropout = embeddingDropout
    configuration.recurrentDropout = recurrentDropout
    configuration.validationFraction = validationFraction
    configuration.evaluateEvery = evaluateEvery
    configuration.patience = patience
    return configuration
  }
}

extension Dropout.MaskKind: ExpressibleByArgument {}
