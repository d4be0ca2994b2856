import ArgumentParser
import ModelFiles

struct Export: Command {
  static let configuration = CommandConfiguration(
    abstract: "Write a copy of a model, such as one of half the size.",
    discussion: """
      Example: charlm export novel.safetensors --storage float16 -o small.safetensors

      All verbs read the copy. Weights that are stored as float16 are rounded to 11 bits, which \
      changes the figures of charlm evaluate in the fifth digit or later.
      """)

  @Argument(help: ModelOptions.help, completion: .file(extensions: ["safetensors"]))
  var model: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "model"),
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(help: "The type of the weights in the file. (default: float32)")
  var storage: WeightStorage?

  @OptionGroup(title: "Outputs") var outputOptions: OutputOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    try OutputPaths.check([("--output", output)], besides: [model])
    let model = try TextModel(model: model, processor: shared.processor())
    try outputOptions.keepPrevious(output, shared: shared)
    try model.write(to: output, storage: storage ?? .float32)
    shared.note(
      "Wrote '\(output)', \(try SafetensorsArchive(path: output).byteCount.grouped) bytes.")
  }
}

extension WeightStorage: ExpressibleByArgument {}
