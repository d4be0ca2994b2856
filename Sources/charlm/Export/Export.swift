import ArgumentParser
import Interchange
import ModelFiles
import Storage

struct Export: Command {
  static let configuration = CommandConfiguration(
    abstract: "Write a model for another program, or a copy of half the size.",
    discussion: """
      Examples:
        charlm export novel.safetensors --format onnx -o novel.onnx
        charlm export novel.safetensors --format huggingface -o novel
        charlm export novel.safetensors --format pytorch -o novel.py
        charlm export novel.safetensors --format keras -o novel.py
        charlm export novel.safetensors --storage float16 -o x.safetensors

      onnx is one file, whose state is an input and an output. huggingface is a folder with a \
      tokenizer.json; with --with-code, transformers also loads the network. pytorch and keras are \
      Python programs, beside which the weights are written.

      All verbs read a copy with another storage. Weights that are stored as float16 are rounded to \
      11 bits, which changes the figures of charlm evaluate in the fifth digit or later.
      """)

  @Argument(help: ModelOptions.help, completion: .file(extensions: ["safetensors"]))
  var model: String

  @Option(help: "safetensors, onnx, huggingface, pytorch or keras.")
  var format = Format.safetensors

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to write; the folder for huggingface.", valueName: "path"), completion: .file())
  var output: String

  @Option(help: "The type of the weights in a model file. (default: float32)")
  var storage: WeightStorage?

  @Flag(help: "Add the network as Python code, for huggingface.")
  var withCode = false

  @OptionGroup(title: "Outputs") var outputOptions: OutputOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case safetensors, onnx, huggingface, pytorch, keras
  }

  func execute() throws {
    guard storage == nil || format == .safetensors else {
      throw UsageError.needs(option: "--storage", other: "--format safetensors")
    }
    guard !withCode || format == .huggingface else {
      throw UsageError.needs(option: "--with-code", other: "--format huggingface")
    }
    let paths = outputPaths
    try OutputPaths.check(
      paths.map { ("--output", $0) }, besides: [self.model], checkPath: checkPath)
    let model = try TextModel(model: self.model, processor: shared.processor())
    switch format {
    case .safetensors:
      try keepPrevious(paths)
      try model.write(to: output, storage: storage ?? .float32)
    case .onnx:
      let export = ONNXExport(model)
      try keepPrevious(paths)
      try export.write(to: output)
    case .huggingface:
      let folder = try HuggingFaceFolder(
        model, named: name,
        commands: [
          #"charlm generate model.safetensors --prompt "It was""#,
          "charlm evaluate model.safetensors text.txt",
        ], hasCode: withCode)
      try createFolder(path: output)
      try keepPrevious(paths)
      try folder.write(to: output)
    case .pytorch, .keras:
      let library = format == .pytorch ? PythonProgram.Library.pytorch : .keras
      let program = try PythonProgram(library, for: model.weights.configuration)
      try keepPrevious(paths)
      try FileWriter.replace(path: output, with: program.text(named: name))
      if paths.count > 1 { try model.write(to: paths[1]) }
    }
    for path in paths {
      shared.note("Wrote '\(path)', \(try MappedFile(path: path).byteCount.grouped) bytes.")
    }
  }

  private func keepPrevious(_ paths: [String]) throws {
    for path in paths { try outputOptions.keepPrevious(path, shared: shared) }
  }

  /// The last part of the output's path, without its ending.
  private var name: String {
    let last = lastComponent(of: output)
    guard let dot = last.lastIndex(of: "."), dot > last.startIndex else { return String(last) }
    return String(last[..<dot])
  }

  private var outputPaths: [String] {
    switch format {
    case .safetensors, .onnx: return [output]
    case .huggingface:
      return HuggingFaceFolder.fileNames(hasCode: withCode).map { "\(output)/\($0)" }
    case .pytorch, .keras:
      let ending = ".py"
      let stem = output.hasSuffix(ending) ? String(output.dropLast(ending.count)) : output
      let weights = "\(stem).safetensors"
      // A program beside the model itself needs no copy.
      return weights == model || isSameFile(weights, model) ? [output] : [output, weights]
    }
  }

  private func checkPath(_ path: String) throws {
    if format == .huggingface {
      try checkFolder(path: output)
    } else {
      try FileWriter.checkReplaceable(path: path)
    }
  }
}

extension WeightStorage: ExpressibleByArgument {}
