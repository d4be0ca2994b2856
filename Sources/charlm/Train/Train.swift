import ArgumentParser
import ModelFiles
import Storage
import Training

struct Train: Command {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on text files.",
    discussion: """
      Examples:
        charlm train novel.txt --output novel.safetensors --minutes 5
        charlm train letters.txt --from novel.safetensors --output new.safetensors

      With --minutes, what is not given is chosen from the text, the time and this machine's \
      speed.

      A tenth of the text is kept for validation, its end unless told otherwise, and the weights \
      that predict it best are saved. With --json, events are printed on standard output, one \
      JSON object a line.

      Ctrl-C ends a run after its step and leaves a checkpoint, from which it goes on to the very \
      same weights: charlm train --resume novel.safetensors.checkpoint
      """)

  @Argument(help: "The texts, UTF-8; '-' is standard input.")
  var texts: [String] = []

  @Option(help: "The model file to write.")
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Go on from this model: characters that it does not know are added behind its own, and all "
        + "settings that are not given are the model's.", valueName: "model"))
  var from: String?

  @OptionGroup(title: "Tokenizer") var tokenizerOptions: TokenizerOptions
  @OptionGroup(title: "Model") var networkOptions: NetworkOptions
  @OptionGroup(title: "Initial weights") var initializationOptions: InitializationOptions
  @OptionGroup(title: "Training") var trainingOptions: TrainingOptions
  @OptionGroup(title: "Optimizer") var optimizerOptions: OptimizerOptions
  @OptionGroup(title: "Checkpoints") var checkpointOptions: CheckpointOptions
  @OptionGroup(title: "Watching") var watchOptions: WatchOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func validate() throws {
    guard checkpointOptions.resume == nil else { return }
    guard !texts.isEmpty else { throw ValidationError("Missing expected argument '<texts> ...'") }
    guard output != nil else {
      throw ValidationError("Missing expected argument '--output <output>'")
    }
  }

  func execute() throws {
    if let path = checkpointOptions.resume {
      try resume(from: path)
    } else {
      try start(output: output!)
    }
  }

  private func start(output: String) throws {
    let stopwatch = Stopwatch()
    let processor = try shared.processor()
    let model = try from.map { try TextModel(path: $0, processor: processor) }
    var configuration = try configuration(model)
    let checkpointPath = checkpointOptions.checkpoint ?? output + CheckpointOptions.suffix
    let plan = try checkpointOptions.plan(isKept: checkpointOptions.checkpoint != nil)
    let claims = try checkFiles(
      inputs: texts + [trainingOptions.validationFile].compactMap { $0 }, model: from,
      output: output, checkpoint: checkpointPath, watching: watchOptions)
    let sources = try TrainingTexts(
      texts, validationFile: trainingOptions.validationFile,
      invalidUTF8: tokenizerOptions.encoding.invalidUTF8, spoolingBeside: output)
    let start =
      try model.map { model in
        try InitialModel(
          model, sources, minimumCount: tokenizerOptions.minCount, seed: configuration.seed,
          processor: processor)
      } ?? InitialModel(sources, tokenizerOptions.configuration(), networkOptions)
    start.additions.map { shared.note("Going on from '\(from!)': \($0)") }
    let origin = try RunCommand(
      arguments: Array(CommandLine.arguments.dropFirst(2)), texts: sources.fingerprints(),
      validationText: sources.validationFingerprint(), output: output,
      keepsCheckpoint: checkpointOptions.checkpoint != nil, processor: processor)
    let tokens = try sources.tokens(start.tokenizer)
    let name = texts.count == 1 ? "'\(texts[0])'" : "The text"
    var network = start.network
    if model == nil, case .minutes = configuration.budget.unit {
      (network, configuration) = try settings(
        for: tokens, name: name, vocabularySize: network.vocabularySize, before: stopwatch,
        processor: processor)
    }
    let run = try TrainingRun(
      tokens: tokens.training, name: name, tokenizer: start.tokenizer, network: network,
      configuration: configuration, validationTokens: tokens.validation,
      startingFrom: start.model, preparationSeconds: stopwatch.seconds, processor: processor)
    try setAside(checkpointPath)
    try follow(
      run, plan: plan,
      reporter: watchOptions.reporter(
        RunOutputs(
          origin: origin, checkpointPath: checkpointPath, checkpointStep: nil, claims: claims),
        vocabularySize: start.tokenizer.vocabularySize, seed: configuration.seed,
        isQuiet: shared.quiet, processor: processor))
  }

  /// The settings that were given, in place of the model's or of the usual ones.
  /// - Throws: `TrainingError`, `NetworkError` or `UsageError` for those that cannot be.
  private func configuration(_ model: TextModel?) throws -> TrainingConfiguration {
    var configuration = try trainingOptions.configuration(
      optimizerOptions, base: model?.training.configuration ?? TrainingConfiguration())
    if let model {
      try networkOptions.check(against: model.weights.configuration)
      try tokenizerOptions.check(against: model.tokenizer.configuration)
      try initializationOptions.checkUnused()
      try configuration.validate(for: model.weights.configuration.cell)
    } else {
      initializationOptions.apply(to: &configuration)
      let network = networkOptions.configuration(vocabularySize: 1)
      try configuration.validate(for: network.cell)
      try network.validate()
    }
    return configuration
  }

  /// Finds out before any work whether all files can be written, and that nothing is written over.
  /// - Parameters:
  ///   - model: what the run began with.
  ///   - resumed: the checkpoint that it goes on from.
  /// - Returns: what keeps other runs from the output and the checkpoint.
  func checkFiles(
    inputs: [String], model: String?, resumed: String? = nil, output: String, checkpoint: String,
    watching options: WatchOptions
  ) throws -> [FileLock] {
    guard inputs.count(where: { $0 == "-" }) <= 1 else { throw UsageError.standardInputTwice }
    for (option, path) in [("--output", output), ("--checkpoint", checkpoint)] {
      guard !inputs.contains(where: { isSameFile($0, path) }) else {
        throw UsageError.overwritesInput(option: option, path: path)
      }
    }
    let model = [model].compactMap { $0 }
    guard !model.contains(where: { isSameFile($0, output) }) else {
      throw UsageError.overwritesModel(path: output)
    }
    guard !(model + [output]).contains(where: { $0 == checkpoint || isSameFile($0, checkpoint) })
    else {
      throw UsageError.fileUsedTwice(option: "--checkpoint", path: checkpoint)
    }
    let resumed = [resumed].compactMap { $0 }
    guard !resumed.contains(where: { isSameFile($0, output) }) else {
      throw UsageError.fileUsedTwice(option: "--output", path: output)
    }
    for path in [output, checkpoint] { try FileWriter.checkReplaceable(path: path) }
    try options.check(files: inputs + model + resumed + [output, checkpoint])
    let claims = try [output, checkpoint].map { try FileLock(path: $0) }
    for path in [output, checkpoint] { FileWriter.removeLeftovers(of: path) }
    return claims
  }

  /// Keeps what stands where the run's first checkpoint will.
  /// - Throws: `StorageError.cannotCreate`.
  func setAside(_ checkpointPath: String) throws {
    if let previous = try FileWriter.setAside(path: checkpointPath) {
      shared.note("The checkpoint of an earlier run is now '\(previous)'.")
    }
  }

  /// Runs, reports, and ends as the run did.
  func follow(
    _ run: TrainingRun, plan: CheckpointPlan, resuming checkpoint: TrainingCheckpoint? = nil,
    reporter: TrainingReporter
  ) throws {
    var reporter = reporter
    if let checkpoint { try reporter.resume(after: checkpoint) }
    Interruption.watch()
    do {
      let result = try run.run(
        resuming: checkpoint, checkpoints: plan, snapshotEvery: reporter.sampleInterval,
        shouldStop: { Interruption.signal != nil }
      ) { try reporter.report($0) }
      try reporter.finish(result)
      guard result.reason != .interrupted else {
        throw ExitCode(ExitStatus.afterSignal + (Interruption.signal ?? 0))
      }
    } catch let error as ExitCode {
      throw error
    } catch  where reporter.files.checkpointStep != nil {
      throw ResumableStop(cause: error, checkpoint: reporter.files.checkpointPath)
    }
    reporter.files.removeCheckpoint()
  }
}
