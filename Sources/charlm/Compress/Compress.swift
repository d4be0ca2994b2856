import ArgumentParser
import Compression
import ModelFiles
import Storage
import Tokenization

struct Compress: Command, ModelAndFile {
  static let configuration = CommandConfiguration(
    abstract: "Compress a file with a model.",
    usage: "charlm compress [<model>] <file> [<options>]",
    discussion: """
      Examples:
        charlm compress letter.txt
        charlm compress novel.safetensors other.txt

      Writes 'letter.txt.charlm', from which charlm decompress restores the file byte for byte. \
      Without a model the built-in one, 'english', is used. The size is the code length that \
      charlm evaluate reports for the text. Any file can be compressed; characters that the model \
      does not know are spelled out.
      """)

  @Argument(
    help: ArgumentHelp(
      "The model file, unless it is the built-in model, and the file to compress; '-' is standard "
        + "input.", valueName: "file"), completion: .file())
  var files: [String]

  @Option(
    name: .shortAndLong, help: "The file to write. (default: FILE.charlm)", completion: .file())
  var output: String?

  @Flag(name: .shortAndLong, help: "Print one JSON object.")
  var json = false

  @OptionGroup(title: "Outputs") var outputOptions: OutputOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  static let suffix = ".charlm"

  func validate() throws { try checkCount() }

  func execute() throws {
    guard let output = output ?? (file == "-" ? nil : file + Self.suffix) else {
      throw UsageError.outputNeeded(inputName: "standard input")
    }
    let processor = try shared.processor()
    let model = try TextModel(model: modelName, processor: processor)
    let source = try TextSource.input(file)
    try OutputPaths.check([("--output", output)], besides: files)
    try outputOptions.keepPrevious(output, shared: shared)
    var compressor = TextCompressor(model, processor: processor)
    var progressLine = ProgressLine()
    let stopwatch = Stopwatch()
    Interruption.watch()  // the unfinished file is removed
    let result = try compressor.compress(
      source, to: output, permissions: FilePermissions(path: file)
    ) { result in
      try Interruption.check()
      guard !shared.quiet else { return }
      progressLine.update(seconds: stopwatch.seconds) { "\(result.bytes.grouped) bytes" }
    }
    progressLine.clear()
    try print(result, output: output, seconds: stopwatch.seconds)
    if result.compressedBytes > result.bytes {
      shared.note(
        "It is larger than '\(source.name)': the model '\(modelName)' does not know such texts; one "
          + "that is trained on them does.")
    }
  }

  private func print(_ result: CompressionResult, output: String, seconds: Double) throws {
    let bitsPerByte = result.bytes == 0 ? nil : result.bitsPerByte
    if json {
      try JSONLine([
        ("output", output), ("bytes", result.bytes), ("compressed_bytes", result.compressedBytes),
        ("bits_per_byte", bitsPerByte), ("tokens", result.tokens),
        ("unknown_characters", result.unknownCharacters), ("seconds", seconds),
      ]).print()
      return
    }
    try StandardOutput.write(
      TextTable.pairs([
        ("bytes", result.bytes.grouped), ("compressed bytes", result.compressedBytes.grouped),
        ("bits per byte", bitsPerByte?.fixed(4) ?? "no bytes"),
        ("unknown characters", result.unknownCharacters.grouped),
      ]))
    let speed = Int(Double(result.bytes) / max(seconds, 1e-9))
    shared.note("Wrote '\(output)', \(speed.grouped) bytes/s")
  }
}
