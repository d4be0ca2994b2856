import ArgumentParser
import Kernels
import Reporting
import Storage
import Tokenization

/// The options that decide who observes a training run.
struct WatchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Steps between samples of generated text; 0 for none. "
        + "(default: occasional samples on a terminal)", valueName: "n"))
  var sampleEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Write the events that --json prints to this file.", valueName: "file.jsonl"),
    completion: .file(extensions: ["jsonl"]))
  var log: String?

  @Option(
    help: ArgumentHelp("Write event files for TensorBoard to this folder.", valueName: "folder"),
    completion: .directory)
  var tensorboard: String?

  @Option(
    help: ArgumentHelp(
      "Draw the training and validation loss in this file, updated at each validation.",
      valueName: "file.svg"), completion: .file(extensions: ["svg"]))
  var plot: String?

  @Flag(name: .shortAndLong, help: "Print events as JSON lines on standard output.")
  var json = false

  /// Checks before any work that the files can be written and that no other file is overwritten.
  /// - Parameter files: the other files that the run reads or writes.
  /// - Throws: `UsageError` or `StorageError.cannotCreate`.
  func check(files: [String]) throws {
    if let sampleEvery, sampleEvery < 0 {
      throw UsageError.numberNegative(option: "--sample-every", value: "\(sampleEvery)")
    }
    try OutputPaths.check(
      [("--log", log)], besides: files, checkPath: AppendingFile.checkAppendable)
    try OutputPaths.check([("--plot", plot)], besides: files + [log].compactMap { $0 })
    try OutputPaths.check(
      [("--tensorboard", tensorboard)], besides: files + [log, plot].compactMap { $0 },
      checkPath: checkFolder(path:))
  }

  /// Keeps what earlier runs wrote where the log and the plot go.
  /// - Throws: `StorageError.cannotCreate`.
  func keepPrevious(_ outputs: OutputOptions, shared: SharedOptions) throws {
    noteFormat(shared)
    try outputs.setAside(log, shared: shared)
    try outputs.keepPrevious(plot, shared: shared)
    if let tensorboard, EventFile.exists(inFolder: tensorboard) {
      shared.note(
        "'\(tensorboard)' has events of an earlier run: TensorBoard shows both as one.")
    }
  }

  /// A log has lines of JSON, whatever its name says.
  private func noteFormat(_ shared: SharedOptions) {
    guard let log, log.lowercased().hasSuffix(".csv") else { return }
    shared.note(
      "'\(log)' gets JSON lines, not comma-separated values: "
        + "pandas.read_json(\(shellQuoted(log)), lines=True) reads them.")
  }

  /// The options of a resumed run: the outputs of the earlier part continue unless they are
  /// overridden.
  ///
  /// What is printed depends on this command alone.
  func filled(from earlier: WatchOptions) -> WatchOptions {
    var options = self
    options.sampleEvery = sampleEvery ?? earlier.sampleEvery
    options.log = log ?? earlier.log
    options.tensorboard = tensorboard ?? earlier.tensorboard
    options.plot = plot ?? earlier.plot
    return options
  }

  /// The given options that `filled` takes over, as command-line arguments.
  var arguments: [String] {
    [
      ("--sample-every", sampleEvery.map(String.init)), ("--log", log),
      ("--tensorboard", tensorboard), ("--plot", plot),
    ].flatMap { name, value in value.map { ["\(name)=\($0)"] } ?? [] }
  }

  /// - Throws: `StorageError`.
  func reporter(
    _ outputs: RunOutputs, vocabularySize: Int, seed: UInt64, isQuiet: Bool, processor: Processor
  ) throws -> TrainingReporter {
    var observers: [any TrainingObserver] = []
    if json || log != nil {
      observers.append(
        try TrainingEventLog(
          printsLines: json, logPath: log, outputs: outputs, vocabularySize: vocabularySize))
    }
    if let tensorboard { observers.append(try TensorBoardWriter(folder: tensorboard)) }
    if let plot { observers.append(LossPlot(path: plot, outputs: outputs)) }
    if !isQuiet {
      observers.append(
        TrainingConsole(outputs, vocabularySize: vocabularySize))
    }
    return TrainingReporter(
      outputs: outputs, observers: observers,
      samples: SampleWriter(processor: processor, seed: seed),
      sampleInterval: sampleEvery == 0 ? nil : sampleEvery,
      samplesImprovements: sampleEvery == nil && !isQuiet && Terminal.isInteractive)
  }
}
