import ArgumentParser
import Compression
import ModelFiles
import Storage

struct Decompress: Command, ModelAndFile {
  static let configuration = CommandConfiguration(
    abstract: "Restore a file that charlm compress compressed.",
    usage: "charlm decompress [<model>] <file> [<options>]",
    discussion: """
      Examples:
        charlm decompress letter.txt.charlm
        charlm decompress novel.safetensors other.txt.charlm

      Writes 'letter.txt' after verifying its checksum. A file that was compressed with the \
      built-in model needs no other.
      """)

  @Argument(
    help: ArgumentHelp(
      "The model file that the file was compressed with, unless it is the built-in model, and the "
        + "compressed file; '-' is standard input.", valueName: "file"),
    completion: .file(extensions: ["charlm"]))
  var files: [String]

  @Option(
    name: .shortAndLong, help: "The file to write. (default: FILE without .charlm)",
    completion: .file())
  var output: String?

  @Flag(name: .shortAndLong, help: "Print one JSON object.")
  var json = false

  @OptionGroup(title: "Outputs") var outputOptions: OutputOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func validate() throws { try checkCount() }

  func execute() throws {
    let compressed = try CompressedFile(path: file == "-" ? "/dev/stdin" : file)
    guard let output = output ?? defaultOutput else {
      throw UsageError.outputNeeded(
        inputName: file == "-" ? "standard input" : "'\(file)', which does not end in .charlm")
    }
    var shared = shared
    let set = compressed.instructionSet
    guard (shared.instructionSet ?? set) == set else {
      throw UsageError.contradictsCompressed(file: file, instructionSet: set.rawValue)
    }
    shared.instructionSet = set
    try OutputPaths.check([("--output", output)], besides: files)
    let processor = try shared.processor()
    let model = try TextModel(model: modelName, processor: processor)
    try outputOptions.keepPrevious(output, shared: shared)
    var decompressor = TextDecompressor(model, processor: processor)
    var progressLine = ProgressLine()
    let stopwatch = Stopwatch()
    Interruption.watch()  // the unfinished file is removed
    try decompressor.decompress(
      compressed, to: output, permissions: FilePermissions(path: file)
    ) { byteCount in
      try Interruption.check()
      guard !shared.quiet else { return }
      progressLine.update(seconds: stopwatch.seconds) {
        "\(byteCount.grouped) of \(compressed.originalByteCount.grouped) bytes"
      }
    }
    progressLine.clear()
    let (byteCount, seconds) = (compressed.originalByteCount, stopwatch.seconds)
    if json {
      try JSONLine([("output", output), ("bytes", byteCount), ("seconds", seconds)]).print()
    } else {
      shared.note(
        "Wrote '\(output)', \(byteCount.grouped) bytes, identical to the original "
          + "(\(Int(Double(byteCount) / max(seconds, 1e-9)).grouped) bytes/s)")
    }
  }

  private var defaultOutput: String? {
    file.utf8.count > Compress.suffix.utf8.count && file.hasSuffix(Compress.suffix)
      ? String(file.dropLast(Compress.suffix.count)) : nil
  }
}
