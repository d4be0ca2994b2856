import ArgumentParser
import Kernels
import ModelFiles
import Storage
import Tokenization
import Training

struct Train: Command {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on text files.",
    usage: """
      charlm train <text> ... --output <model> [<options>]
      charlm train --resume <checkpoint> [<options>]
      """,
    discussion: """
      Examples:
        charlm train novel.txt --output novel.safetensors --minutes 5
        charlm train more.txt --from novel.safetensors -o new.safetensors
        charlm train --resume novel.safetensors.checkpoint

      With --minutes, all settings that are not given are chosen from the text, the time and the \
      speed of this machine.

      A tenth of the text, by default its end, is held out for validation, and the weights that \
      predict it best are saved. With --json, events are printed on standard output, one JSON \
      object a line.

      Ctrl-C stops a run after the current step and leaves a checkpoint. The resumed run ends with \
      the same weights, bit for bit.
      """)

  @Argument(
    help: ArgumentHelp("The texts, in UTF-8; '-' is standard input.", valueName: "text"),
    completion: .file())
  var texts: [String] = []

  @OptionGroup(title: "Essential options") var files: RunFiles
  @OptionGroup(title: "Training") var trainingOptions: TrainingOptions
  @OptionGroup(title: "Model") var networkOptions: NetworkOptions
  @OptionGroup(title: "Optimizer") var optimizerOptions: OptimizerOptions
  @OptionGroup(title: "Tokenizer") var tokenizerOptions: TokenizerOptions
  @OptionGroup(title: "Initial weights") var initializationOptions: InitializationOptions
  @OptionGroup(title: "Checkpoints") var checkpointOptions: CheckpointOptions
  @OptionGroup(title: "Watching") var watchOptions: WatchOptions
  @OptionGroup(title: "Outputs") var outputOptions: OutputOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  var output: String? { files.output }

  func validate() throws {
    guard files.resume == nil else { return }
    guard !texts.isEmpty else { throw ValidationError("Missing expected argument '<text> ...'") }
    guard output != nil else {
      throw ValidationError("Missing expected argument '--output <model>'")
    }
  }

  func execute() throws {
    Interruption.ignoreClosedOutput()
    if let path = files.resume {
      try resume(from: path)
    } else {
      try start(output: output!)
    }
  }

  private func start(output: String) throws {
    let stopwatch = Stopwatch()
    let processor = try shared.processor()
    var archive = try files.base.map { try SafetensorsArchive(model: $0) }
    var base = try archive.map { try TextModel($0, processor: processor) }
    var configuration = try configuration(base)
    let plan = try checkpointOptions.plan(isKept: checkpointOptions.checkpoint != nil)
    let texts = try TextSource.files(texts)
    let reserved = try ReservedOutputs(
      output: output,
      checkpoint: checkpointOptions.checkpoint ?? output + CheckpointOptions.suffix,
      inputs: texts + [trainingOptions.validationFile].compactMap { $0 }, model: files.base,
      watching: watchOptions)
    let sources = try TrainingTexts(
      texts, validationFile: trainingOptions.validationFile,
      invalidUTF8: tokenizerOptions.encoding.invalidUTF8, spoolingBeside: output)
    if try trainingOptions.budget() == nil {
      shared.note(
        "Training for \(plain(configuration.budget.amount)) minutes: --minutes, --epochs or "
          + "--max-steps gives another budget.")
    }
    describe(texts)
    for source in sources.sources where source.isWebPage {
      shared.note(
        "'\(source.name)' is a web page: the model learns its tags, too; save it as plain text to "
          + "train on its words alone.")
    }
    if let builtIn = try builtInBase(for: sources, processor: processor) {
      archive = builtIn.archive
      base = builtIn.model
      configuration = try self.configuration(base)
    }
    let initial = try initialModel(
      base, name: archive?.name, sources, seed: configuration.seed, processor: processor)
    try MachineMemory.check(
      training: initial.network, batchSize: configuration.batchSize,
      windowLength: configuration.windowLength)
    let corpus = try PreparedCorpus(sources, tokenizer: initial.tokenizer)
    if tokenizerOptions.documents != .files, !shared.quiet,
      let note = DocumentSurvey(corpus.tokens, tokenizer: corpus.tokenizer).note
    {
      shared.note(note)
    }
    var network = initial.network
    if case .minutes = configuration.budget.unit {
      (network, configuration) = try settings(
        for: corpus, base: archive.map { ($0.name, initial.network) }, before: stopwatch,
        processor: processor)
    }
    let trainingSources = try corpus.trainingSources(base: archive)
    let run = try TrainingRun(
      tokens: corpus.tokens, name: corpus.name, tokenizer: corpus.tokenizer, network: network,
      configuration: configuration, validationTokens: corpus.validationTokens,
      startingFrom: initial.model, sources: trainingSources,
      preparationSeconds: stopwatch.seconds,
      backend: OtherProcesses.backend(shards: configuration.shards, threads: shared.threads),
      processor: processor)
    // A checkpoint is kept even with --overwrite: hours of another run may be in it.
    try setAside(reserved.checkpointPath)
    try outputOptions.keepPrevious(output, shared: shared)
    try watchOptions.keepPrevious(outputOptions, shared: shared)
    let command = RunCommand(
      arguments: Self.arguments, corpus: corpus, output: output,
      keepsCheckpoint: checkpointOptions.checkpoint != nil, processor: processor)
    try follow(
      run, plan: plan,
      reporter: watchOptions.reporter(
        RunOutputs(reserved, command: command, run: trainingSources.run),
        vocabularySize: corpus.tokenizer.vocabularySize, seed: configuration.seed,
        isQuiet: shared.quiet, processor: processor))
  }

  /// The command line after `train`.
  static var arguments: [String] { Array(Arguments.all.dropFirst()) }

  /// The settings: the given ones, and for all others the model's or the defaults.
  /// - Throws: `TrainingError`, `NetworkError` or `UsageError` for invalid settings.
  private func configuration(_ base: TextModel?) throws -> TrainingConfiguration {
    try networkOptions.shape.check()
    var configuration = try trainingOptions.configuration(
      optimizerOptions, base: base.map(settings) ?? TrainingConfiguration())
    if let base {
      try networkOptions.check(against: base.weights.configuration)
      try tokenizerOptions.check(against: base.tokenizer.configuration)
      try initializationOptions.checkUnused()
      try configuration.validate(for: base.weights.configuration.cell)
    } else {
      initializationOptions.apply(to: &configuration)
      let network = networkOptions.configuration(vocabularySize: 1)
      try configuration.validate(for: network.cell)
      try network.validate()
    }
    return configuration
  }

  /// The settings of the training of `base` that hold for another text, too; how its text was split
  /// says nothing about this one.
  private func settings(of base: TextModel) -> TrainingConfiguration {
    let defaults = TrainingConfiguration()
    var settings = base.training.configuration
    settings.validationFraction = defaults.validationFraction
    settings.validationSplit = defaults.validationSplit
    return settings
  }

  private func initialModel(
    _ base: TextModel?, name: String?, _ texts: TrainingTexts, seed: UInt64, processor: Processor
  ) throws -> InitialModel {
    guard let base, let name else {
      return try InitialModel(texts, tokenizerOptions.configuration(), networkOptions)
    }
    let initial = try InitialModel(
      base, texts, minimumCount: tokenizerOptions.minCount, seed: seed, processor: processor)
    if let additions = initial.additions {
      shared.note("Continuing from '\(name)': \(additions)")
    }
    return initial
  }

  /// Says what is not obvious about several texts.
  private func describe(_ texts: [String]) {
    guard texts.count > 1 else { return }
    if texts != self.texts { shared.note("Training on \(texts.count.grouped) files.") }
    let options = trainingOptions
    guard options.validationFile == nil, options.validationSplit ?? .tail == .tail,
      options.validationFraction != 0
    else { return }
    shared.note(
      "The end of all texts together is held out for validation, perhaps of the last text alone: "
        + "--validation-split interleaved takes parts of all.")
  }

  /// Renames a file that is where the first checkpoint of the run will be.
  /// - Throws: `StorageError.cannotCreate`.
  func setAside(_ checkpointPath: String) throws {
    if let previous = try FileWriter.setAside(path: checkpointPath) {
      shared.note("The checkpoint of an earlier run was renamed to '\(previous)'.")
    }
  }

  /// Runs the training and ends the command as the run ended.
  func follow(
    _ run: TrainingRun, plan: CheckpointPlan, resuming checkpoint: TrainingCheckpoint? = nil,
    reporter: TrainingReporter
  ) throws {
    var reporter = reporter
    if let checkpoint { try reporter.resume(after: checkpoint) }
    Interruption.watch()
    let result: TrainingResult
    do {
      result = try run.run(
        resuming: checkpoint, checkpoints: plan, snapshotEvery: reporter.sampleInterval,
        shouldStop: { Interruption.signal != nil }
      ) { try reporter.report($0) }
      try reporter.finish(result)
    } catch  where reporter.outputs.checkpointStep != nil {
      throw ResumableStop(cause: error, resumeCommand: reporter.outputs.recorded.resumeCommand)
    }
    guard result.reason != .interrupted else {
      throw ExitCode(ExitStatus.afterSignal + (Interruption.signal ?? 0))
    }
    reporter.outputs.removeCheckpoint()
    if !shared.quiet { try conclude(run, result, reporter) }
  }

  private var hasGivenSizes: Bool {
    let shape = networkOptions.shape
    let sizes = [shape.layers, shape.hiddenSize, shape.embeddingSize]
    return (sizes + [trainingOptions.batchSize, trainingOptions.window]).contains { $0 != nil }
  }

  /// Says what came of a finished run.
  private func conclude(
    _ run: TrainingRun, _ result: TrainingResult, _ reporter: TrainingReporter
  ) throws {
    let outputs = reporter.outputs
    let original = try Train.parse(outputs.command.arguments)
    let conclusion = TrainingConclusion(
      run: run, result: result, output: outputs.output, hasGivenSizes: original.hasGivenSizes)
    let sample = watchOptions.json ? nil : try reporter.samples.sample(of: result.model)?.text
    for line in conclusion.lines(sample: sample) { shared.note(line) }
  }
}
