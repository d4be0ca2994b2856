import ArgumentParser
import ModelFiles
import RecurrentNetwork

/// What the weights are before the first step.
struct InitializationOptions: ParsableArguments {
  @Option(
    help: """
      What weights are drawn from: within 1/sqrt(hidden size) of 0, or as Xavier Glorot proposed.
      """)
  var initialization: Initialization.Weights = .uniform

  @Option(
    help: "The same for the recurrent weights alone. (default: --initialization)")
  var recurrentInitialization: Initialization.RecurrentWeights?

  @Option(
    help: ArgumentHelp(
      "The bias that an lstm's forget gate starts with. (default: 1)", valueName: "x"))
  var forgetBias: Double?

  func apply(to configuration: inout TrainingConfiguration) {
    configuration.initialization.weights = initialization
    configuration.initialization.recurrentWeights = recurrentInitialization
    configuration.initialization.forgetBias = forgetBias
  }
}

extension Initialization.Weights: ExpressibleByArgument {}
extension Initialization.RecurrentWeights: ExpressibleByArgument {}
