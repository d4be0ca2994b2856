import ArgumentParser
import Compression
import ModelFiles
import Storage

struct Decompress: Command {
  static let configuration = CommandConfiguration(
    abstract: "Restore a file that charlm compress compressed.",
    discussion: """
      Example: charlm decompress novel.safetensors other.txt.charlm

      Writes 'other.txt' after verifying its checksum.
      """)

  @Argument(
    help: "The model file that the file was compressed with.",
    completion: .file(extensions: ["safetensors"]))
  var model: String

  @Argument(
    help: "The compressed file; '-' is standard input.",
    completion: .file(extensions: ["charlm"]))
  var file: String

  @Option(
    name: .shortAndLong, help: "The file to write. (default: FILE without .charlm)",
    completion: .file())
  var output: String?

  @Flag(name: .shortAndLong, help: "Print one JSON object.")
  var json = false

  @OptionGroup(title: "Outputs") var outputOptions: OutputOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

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
    try OutputPaths.check([("--output", output)], besides: [file, self.model])
    let processor = try shared.processor()
    let model = try TextModel(path: model, processor: processor)
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
