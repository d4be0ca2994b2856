import ArgumentParser
import Kernels
import ModelFiles

/// The models that predict, by the mean of their probabilities where there are several.
struct ModelOptions: ParsableArguments {
  @Argument(help: "The model file.")
  var model: String

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Another model with the same characters: the mean of the probabilities counts. Repeatable.",
      valueName: "model"))
  var ensemble: [String] = []

  /// All files, the model's own first.
  var paths: [String] { [model] + ensemble }

  /// What a message calls each model; nil where there is only one, so that none need be told from others.
  var names: [String?] { ensemble.isEmpty ? [nil] : paths }

  /// - Throws: what reading a model throws.
  func models(_ weights: WeightOptions, processor: Processor) throws -> [TextModel] {
    try paths.map { try TextModel(path: $0, precision: weights.weights, processor: processor) }
  }
}
