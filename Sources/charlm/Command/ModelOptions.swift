import ArgumentParser
import Kernels
import ModelFiles

/// The models that predict; several predict by the mean of their probabilities.
struct ModelOptions: ParsableArguments {
  /// The help of an argument that is a model.
  static let help = ArgumentHelp("The model file, or 'english', the built-in model.")

  @Argument(help: Self.help, completion: .file(extensions: ["safetensors"]))
  var model: String

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Another model with the same vocabulary; the probabilities are averaged. Repeatable.",
      valueName: "model"), completion: .file(extensions: ["safetensors"]))
  var ensemble: [String] = []

  /// All model files, the first argument's first.
  var paths: [String] { [model] + ensemble }

  /// The name of each model in messages; nil for the only model.
  var names: [String?] { ensemble.isEmpty ? [nil] : paths }

  /// - Throws: the errors of reading a model, or `SeveralModelsError.tokenizersDiffer`.
  func models(_ weights: WeightOptions, processor: Processor) throws -> [TextModel] {
    let models = try paths.map {
      try TextModel(model: $0, precision: weights.weights, processor: processor)
    }
    _ = try SeveralModelsError.naming(paths) { try TextModel.sharedTokenizer(of: models) }
    return models
  }
}

/// The precision of the weights, for verbs that only run a model.
struct WeightOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "float32, or int8: faster with large models and slightly less exact.", valueName: "precision"
    ))
  var weights = WeightPrecision.float32
}

extension WeightPrecision: ExpressibleByArgument {}
