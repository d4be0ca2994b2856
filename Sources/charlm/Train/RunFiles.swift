import ArgumentParser

/// The files that a training run starts from and writes.
struct RunFiles: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The model file to write. (required for a new run)", valueName: "model"),
    completion: .file(extensions: ["safetensors"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Continue from this model: new characters are added to its vocabulary, and settings that are "
        + "not given are taken from it. 'english' is the built-in model, with which --minutes begins "
        + "if it knows such texts; 'none' begins with random weights.", valueName: "model"),
    completion: .file(extensions: ["safetensors"]))
  var from: String?

  /// The model to continue from, if one is given.
  var base: String? { from == Self.noModel ? nil : from }

  private static let noModel = "none"

  @Option(
    help: ArgumentHelp(
      "Resume from this checkpoint, with its texts, settings and outputs. A larger budget, "
        + "--learning-rate, --evaluate-every, --patience and other output files may be given.",
      valueName: "checkpoint"),
    completion: .file(extensions: ["checkpoint"]))
  var resume: String?
}
