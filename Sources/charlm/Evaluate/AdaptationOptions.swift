import ArgumentParser
import Evaluation
import Kernels
import ModelFiles
import Tokenization

/// The options that make `generate` adapt its weights to a text first.
struct AdaptationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A text whose style the weights adapt to before generating; '-' is standard input.",
      valueName: "file"), completion: .file())
  var adapt: String?

  @OptionGroup var dynamics: DynamicOptions

  /// The files that the options read.
  var files: [String] { [adapt, dynamics.tune].compactMap(\.self) }

  /// - Throws: `UsageError`.
  func check(_ weights: WeightOptions) throws {
    guard adapt != nil || !dynamics.isGiven else {
      throw UsageError.adaptingNotAsked(with: "--adapt")
    }
    guard adapt == nil || weights.weights == .float32 else {
      throw UsageError.adaptingNeedsFloat32(option: "--adapt")
    }
  }

  /// The models, adapted to the text if one is given.
  /// - Parameter names: the models' names in reports of tuning trials.
  /// - Throws: `EvaluationError` or the errors of reading the texts.
  func adapted(
    _ models: [TextModel], names: [String?], encoding: EncodingOptions, shared: SharedOptions,
    processor: Processor
  ) throws -> [TextModel] {
    guard let adapt else { return models }
    let source = try TextSource.input(adapt).substituting(
      for: models[0].tokenizer, option: "--adapt", encoding: encoding, shared: shared)
    let tuningText = try dynamics.tuningText()
    return try zip(models, names).map { model, name in
      let adaptation = try dynamics.adaptation(
        of: model, named: name, tunedOn: tuningText, invalidUTF8: encoding.invalidUTF8,
        shared: shared, processor: processor)
      return try model.adapted(
        to: source, settings: adaptation.settings, statistics: adaptation.statistics,
        invalidUTF8: encoding.invalidUTF8, processor: processor)
    }
  }
}
