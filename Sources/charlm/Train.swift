import ArgumentParser
import ModelFiles
import Storage
import Tokenization
import Training

struct Train: Command {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on text files.",
    discussion: """
      Example: charlm train novel.txt --output novel.safetensors --minutes 5

      The last tenth of the text is kept for validation, and the weights that predict it best are
      saved. With --json, events are printed on standard output, one JSON object a line.

      Ctrl-C ends a run after its step and leaves a checkpoint, from which it goes on to the very
      same weights: charlm train --resume novel.safetensors.checkpoint
      """)

  @Argument(help: "The texts, UTF-8; '-' is standard input.")
  var texts: [String] = []

  @Option(help: "The model file to write.")
  var output: String?

  @Flag(help: "Print events as JSON lines on standard output.")
  var json = false

  @OptionGroup(title: "Tokenizer") var tokenizerOptions: TokenizerOptions
  @OptionGroup(title: "Model") var networkOptions: NetworkOptions
  @OptionGroup(title: "Initial weights") var initializationOptions: InitializationOptions
  @OptionGroup(title: "Training") var trainingOptions: TrainingOptions
  @OptionGroup(title: "Optimizer") var optimizerOptions: OptimizerOptions
  @OptionGroup(title: "Checkpoints") var checkpointOptions: CheckpointOptions
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
    let configuration = try settings()
    try configuration.validate(for: networkOptions.cell)
    try networkOptions.configuration(vocabularySize: 1).validate()
    let processor = try shared.processor()
    let checkpointPath = checkpointOptions.checkpoint ?? output + CheckpointOptions.suffix
    let plan = try checkpointOptions.plan(isKept: checkpointOptions.checkpoint != nil)
    try checkPaths(
      inputs: texts + [trainingOptions.validationFile].compactMap { $0 }, output: output,
      checkpoint: checkpointPath)
    let sources = try TrainingSources(
      texts, validation: trainingOptions.validationFile, spoolingBeside: output)
    let invalidUTF8 = tokenizerOptions.encoding.invalidUTF8
    let tokenizer = try Tokenizer.fit(
      sources.texts, configuration: tokenizerOptions.configuration, invalidUTF8: invalidUTF8)
    let origin = try RunOrigin(
      arguments: Array(CommandLine.arguments.dropFirst(2)),
      texts: sources.fingerprints(texts),
      validationText: sources.validationFingerprint(trainingOptions.validationFile),
      output: output, keepsCheckpoint: checkpointOptions.checkpoint != nil, processor: processor)
    let tokens = try sources.tokens(tokenizer, invalidUTF8, beside: output)
    let run = try TrainingRun(
      tokens: tokens.training, name: texts.count == 1 ? "'\(texts[0])'" : "The text",
      tokenizer: tokenizer,
      network: networkOptions.configuration(vocabularySize: tokenizer.vocabularySize),
      configuration: configuration, validationTokens: tokens.validation, processor: processor)
    if let previous = try FileWriter.setAside(path: checkpointPath) {
      shared.note("The checkpoint of an earlier run is now '\(previous)'.")
    }
    try follow(
      run, plan: plan, resuming: nil, tokenizer: tokenizer, origin: origin,
      checkpointPath: checkpointPath)
  }

  /// The settings of training, the budget among them.
  func settings() throws -> TrainingConfiguration {
    var configuration = try trainingOptions.configuration(optimizerOptions)
    initializationOptions.apply(to: &configuration)
    return configuration
  }

  /// Finds out before any work whether everything can be written, and that no text is written over.
  func checkPaths(inputs: [String], output: String, checkpoint: String) throws {
    guard inputs.count(where: { $0 == "-" }) <= 1 else { throw UsageError.standardInputTwice }
    for (option, path) in [("--output", output), ("--checkpoint", checkpoint)] {
      guard !inputs.contains(where: { isSameFile($0, path) }) else {
        throw UsageError.overwritesInput(option: option, path: path)
      }
    }
    guard output != checkpoint, !isSameFile(output, checkpoint) else {
      throw UsageError.overwritesModel(path: output)
    }
    for path in [output, checkpoint] {
      try FileWriter.checkReplaceable(path: path)
      FileWriter.removeLeftovers(of: path)
    }
  }

  /// Runs, reports, and ends as the run did.
  func follow(
    _ run: TrainingRun, plan: CheckpointPlan, resuming checkpoint: TrainingCheckpoint?,
    tokenizer: Tokenizer, origin: RunOrigin, checkpointPath: String
  ) throws {
    var reporter = TrainingReporter(
      tokenizer: tokenizer, origin: origin, checkpointPath: checkpointPath,
      checkpointStep: checkpointOptions.resume == checkpointPath ? checkpoint?.stepCount : nil,
      printsJSON: json, isQuiet: shared.quiet)
    Interruption.watch()
    do {
      let result = try run.run(
        resuming: checkpoint, checkpoints: plan, shouldStop: { Interruption.signal != nil }
      ) { try reporter.report($0) }
      try reporter.finish(result)
      guard result.reason != .interrupted else {
        throw ExitCode(ExitStatus.afterSignal + (Interruption.signal ?? 0))
      }
    } catch let error as ExitCode {
      throw error
    } catch  where reporter.checkpointStep != nil {
      throw ResumableStop(cause: error, checkpoint: checkpointPath)
    }
    if !origin.keepsCheckpoint { FileWriter.remove(path: checkpointPath) }
  }
}
