import ArgumentParser
import ModelFiles
import RecurrentNetwork

/// The options of the weights before the first step.
struct InitializationOptions: ParsableArguments {
  @Option(
    help: """
      Distribution of the initial weights: uniform within 1/sqrt(hidden size) of 0, or Xavier \
      Glorot's. (default: uniform)
      """)
  var initialization: Initialization.Scheme?

  @Option(
    help: "The same for the recurrent weights only. (default: --initialization)")
  var recurrentInitialization: Initialization.RecurrentScheme?

  @Option(
    help: ArgumentHelp(
      "Initial bias of the forget gate of an lstm or coupled-lstm. (default: 1)", valueName: "x"))
  var forgetBias: Double?

  @Option(
    help: ArgumentHelp(
      "Initial bias of the output: zero, or the logarithms of the characters' frequencies. "
        + "(default: zero)", valueName: "bias"))
  var outputBias: Initialization.OutputBias?

  /// Applies the given options; recurrent weights follow --initialization unless they are given,
  /// too.
  func apply(to configuration: inout TrainingConfiguration) {
    if let initialization {
      configuration.initialization.weights = initialization
      configuration.initialization.recurrentWeights = nil
    }
    override(&configuration.initialization.recurrentWeights, with: recurrentInitialization)
    override(&configuration.initialization.forgetBias, with: forgetBias)
    override(&configuration.initialization.outputBias, with: outputBias)
  }
}

extension InitializationOptions {
  var isUnset: Bool { given.isEmpty }

  private var given: [String] {
    [
      ("--initialization", initialization != nil),
      ("--recurrent-initialization", recurrentInitialization != nil),
      ("--forget-bias", forgetBias != nil), ("--output-bias", outputBias != nil),
    ].filter(\.1).map(\.0)
  }

  /// Rejects the options if the run has no new weights.
  /// - Throws: `UsageError.onlyForNewModels`.
  func checkUnused() throws {
    if let option = given.first { throw UsageError.onlyForNewModels(option: option) }
  }
}

extension Initialization.Scheme: ExpressibleByArgument {}
extension Initialization.RecurrentScheme: ExpressibleByArgument {}
extension Initialization.OutputBias: ExpressibleByArgument {}
