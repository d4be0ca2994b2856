import ArgumentParser
import ModelFiles
import RecurrentNetwork

/// What the weights are before the first step.
struct InitializationOptions: ParsableArguments {
  @Option(
    help: """
      What weights are drawn from: within 1/sqrt(hidden size) of 0, or as Xavier Glorot proposed. \
      (default: uniform)
      """)
  var initialization: Initialization.Scheme?

  @Option(
    help: "The same for the recurrent weights alone. (default: --initialization)")
  var recurrentInitialization: Initialization.RecurrentScheme?

  @Option(
    help: ArgumentHelp(
      "The bias that an lstm's forget gate starts with. (default: 1)", valueName: "x"))
  var forgetBias: Double?

  /// Changes what was given; recurrent weights follow the others where only those were.
  func apply(to configuration: inout TrainingConfiguration) {
    if let initialization {
      configuration.initialization.weights = initialization
      configuration.initialization.recurrentWeights = nil
    }
    set(&configuration.initialization.recurrentWeights, recurrentInitialization)
    set(&configuration.initialization.forgetBias, forgetBias)
  }
}

extension InitializationOptions {
  /// Refuses all of them where there are no new weights.
  /// - Throws: `UsageError.onlyForNewModels`.
  func checkUnused() throws {
    for (option, isGiven) in [
      ("--initialization", initialization != nil),
      ("--recurrent-initialization", recurrentInitialization != nil),
      ("--forget-bias", forgetBias != nil),
    ] where isGiven {
      throw UsageError.onlyForNewModels(option: option)
    }
  }
}

extension Initialization.Scheme: ExpressibleByArgument {}
extension Initialization.RecurrentScheme: ExpressibleByArgument {}
