import ArgumentParser
import Kernels
import Storage
import Tokenization

/// Who is told how a training run goes.
struct WatchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Steps between samples of what the model writes; 0 for none. "
        + "(default: on a terminal, now and then)", valueName: "n"))
  var sampleEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Write the events that --json prints into this file.", valueName: "file.jsonl"))
  var log: String?

  @Option(
    help: ArgumentHelp("Write figures for TensorBoard into this folder.", valueName: "folder"))
  var tensorboard: String?

  @Option(
    help: ArgumentHelp(
      "Draw the loss of training and validation in this file, again at each validation.",
      valueName: "file.svg"))
  var plot: String?

  @Flag(help: "Print events as JSON lines on standard output.")
  var json = false

  /// Finds out before any work whether the files can be written, and that nothing else is written over.
  /// - Parameter files: what else the run reads or writes.
  /// - Throws: `UsageError` or `StorageError.cannotCreate`.
  func check(files: [String]) throws {
    if let sampleEvery, sampleEvery < 0 {
      throw UsageError.numberNegative(option: "--sample-every", value: "\(sampleEvery)")
    }
    try checkOutputs([("--log", log)], besides: files, checkPath: AppendingFile.checkAppendable)
    try checkOutputs([("--plot", plot)], besides: files + [log].compactMap { $0 })
  }

  /// For a run that goes on: who was told before is told again, unless another file was given. What is printed
  /// is this command's own choice.
  func filled(from earlier: WatchOptions) -> WatchOptions {
    var options = self
    options.sampleEvery = sampleEvery ?? earlier.sampleEvery
    options.log = log ?? earlier.log
    options.tensorboard = tensorboard ?? earlier.tensorboard
    options.plot = plot ?? earlier.plot
    return options
  }

  /// Those that were given and that `filled` takes over, as they stand on a command line.
  var arguments: [String] {
    [
      ("--sample-every", sampleEvery.map(String.init)), ("--log", log),
      ("--tensorboard", tensorboard), ("--plot", plot),
    ].flatMap { name, value in value.map { ["\(name)=\($0)"] } ?? [] }
  }

  /// - Throws: `StorageError`.
  func reporter(
    _ files: RunOutputs, vocabularySize: Int, seed: UInt64, isQuiet: Bool, processor: Processor
  ) throws -> TrainingReporter {
    var observers: [any TrainingObserver] = []
    if json || log != nil {
      observers.append(
        try TrainingEventLog(
          printsLines: json, logPath: log, checkpointPath: files.checkpointPath,
          vocabularySize: vocabularySize))
    }
    if let tensorboard { observers.append(try TensorBoardWriter(folder: tensorboard)) }
    if let plot { observers.append(LossPlot(path: plot)) }
    if !isQuiet {
      observers.append(
        TrainingConsole(
          output: files.output, checkpointPath: files.checkpointPath,
          vocabularySize: vocabularySize))
    }
    return TrainingReporter(
      files: files, observers: observers, samples: SampleWriter(processor: processor, seed: seed),
      sampleInterval: sampleEvery == 0 ? nil : sampleEvery,
      samplesImprovements: sampleEvery == nil && !isQuiet && Terminal.isInteractive)
  }
}
