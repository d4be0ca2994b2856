import ArgumentParser
import Kernels
import ModelFiles
import RecurrentNetwork
import Storage
import Tokenization
import Training

extension Train {
  /// Resumes the run of the checkpoint at `path`, with all its settings except those that are given
  /// again.
  func resume(from path: String) throws {
    let checkpoint = try checkpoint(at: path)
    var command = try RunCommand(of: checkpoint, file: path)
    let original = try original(command, file: path)
    try refuseContradictions(to: original, command, checkpoint)
    let recorded = RecordedFiles(
      checkpoint: path, command: command, watching: original.watchOptions)
    try recorded.check(given: givenFiles)
    command.output = output ?? command.output
    command.keepsCheckpoint = command.keepsCheckpoint || checkpointOptions.checkpoint != nil
    if let budget = try trainingOptions.budget(), let spent = spent(budget, by: checkpoint) {
      command.keepsCheckpoint = true
      shared.note(
        "The run has had \(spent) already, and the budget is that of the whole run: it ends here. "
          + "Its checkpoint is kept, so that a larger budget can continue it.")
    }
    let plan = try checkpointOptions.plan(isKept: command.keepsCheckpoint)
    let processor = try processor(of: command)
    let configuration = try configuration(resuming: checkpoint)
    try MachineMemory.check(
      training: checkpoint.network, batchSize: configuration.batchSize,
      windowLength: configuration.windowLength)
    let names = texts.isEmpty ? command.texts.map(\.name) : try TextSource.files(texts)
    let validation = trainingOptions.validationFile ?? command.validationText?.name
    let watchOptions = watchOptions.filled(from: original.watchOptions)
    command.arguments += self.watchOptions.arguments
    let reserved = try ReservedOutputs(
      output: command.output, checkpoint: checkpointOptions.checkpoint ?? path,
      inputs: names + [validation].compactMap { $0 }, model: original.files.base, resumed: path,
      watching: watchOptions)
    let sources = try TrainingTexts(
      names, validationFile: validation,
      invalidUTF8: original.tokenizerOptions.encoding.invalidUTF8, spoolingBeside: command.output)
    try sources.check(against: command)
    let validationTokens = try sources.validationTokens(checkpoint.tokenizer)
    let trainingSources =
      checkpoint.sources
      ?? TrainingSources(texts: command.texts, validationText: command.validationText)
    let run = try TrainingRun(
      tokens: sources.tokens(checkpoint.tokenizer), tokenizer: checkpoint.tokenizer,
      network: checkpoint.network, configuration: configuration,
      validationTokens: validationTokens, sources: trainingSources,
      backend: OtherProcesses.backend(shards: configuration.shards, threads: shared.threads),
      processor: processor)
    shared.note("Resuming after step \(checkpoint.stepCount.grouped) of '\(path)'.")
    let isReplacing = isSameFile(reserved.checkpointPath, path)
    if !isReplacing { try setAside(reserved.checkpointPath) }
    try keepPrevious(reserved, besides: recorded, of: checkpoint)
    let outputs = RunOutputs(
      reserved, command: command, run: trainingSources.run,
      checkpointStep: isReplacing ? checkpoint.stepCount : nil)
    try follow(
      run, plan: plan, resuming: checkpoint,
      reporter: watchOptions.reporter(
        outputs, vocabularySize: checkpoint.tokenizer.vocabularySize, seed: configuration.seed,
        isQuiet: shared.quiet, processor: processor))
  }

  /// The options and arguments that name files.
  private var givenFiles: Set<RecordedFiles.Option> {
    let options: [(RecordedFiles.Option, Bool)] = [
      (.texts, !texts.isEmpty), (.validationFile, trainingOptions.validationFile != nil),
      (.output, output != nil), (.log, watchOptions.log != nil),
      (.plot, watchOptions.plot != nil), (.tensorboard, watchOptions.tensorboard != nil),
    ]
    return Set(options.filter(\.1).map(\.0))
  }

  /// Keeps files that are where outputs go now, except those that the run itself wrote.
  /// - Parameter outputs: the files where the run writes now.
  private func keepPrevious(
    _ outputs: ReservedOutputs, besides recorded: RecordedFiles, of checkpoint: TrainingCheckpoint
  ) throws {
    func other(_ path: String?) -> String? {
      path.flatMap { recorded.isContinued($0, by: checkpoint) ? nil : $0 }
    }
    try outputOptions.keepPrevious(other(outputs.output), shared: shared)
    try outputOptions.setAside(other(outputs.watching.log), shared: shared)
    try outputOptions.keepPrevious(other(outputs.watching.plot), shared: shared)
  }

  /// - Throws: `UsageError` for what a person may take for a checkpoint, or the errors of reading
  ///   one.
  private func checkpoint(at path: String) throws -> TrainingCheckpoint {
    let model =
      path.hasSuffix(CheckpointOptions.suffix)
      ? String(path.dropLast(CheckpointOptions.suffix.count)) : nil
    if let model, !fileExists(path), fileExists(model) {
      throw UsageError.resumesFinishedRun(checkpoint: path, model: model)
    }
    let archive = try SafetensorsArchive(path: path)
    guard !archive.isModel else { throw UsageError.resumesModel(path: path) }
    return try TrainingCheckpoint(archive)
  }

  /// The command line that began the run.
  private func original(_ command: RunCommand, file: String) throws -> Train {
    do {
      return try Train.parse(command.arguments)
    } catch {
      throw CheckpointError.impossible(
        file: file, reason: "its command line is not one of this program.")
    }
  }

  /// Rejects options that would change a fixed setting of the run.
  private func refuseContradictions(
    to original: Train, _ command: RunCommand, _ checkpoint: TrainingCheckpoint
  ) throws {
    let fixed = FixedSettings(original, checkpoint)
    for option in Self.options(of: Self.arguments) {
      guard let changed = try? Train.parse(command.arguments + option) else { continue }
      guard FixedSettings(changed, checkpoint) == fixed else {
        throw UsageError.contradictsCheckpoint(option: option[0])
      }
    }
  }

  /// Each option, long or short, with its value.
  private static func options(of arguments: [String]) -> [[String]] {
    var options: [[String]] = []
    for argument in arguments {
      if argument.hasPrefix("-"), argument != "-" {
        options.append([argument])
      } else if !options.isEmpty {
        options[options.count - 1].append(argument)
      }
    }
    return options
  }

  /// The settings of the run; a few may be given again.
  private func configuration(
    resuming checkpoint: TrainingCheckpoint
  ) throws -> TrainingConfiguration {
    var configuration = checkpoint.configuration
    configuration.budget = try trainingOptions.budget() ?? configuration.budget
    configuration.learningRate = optimizerOptions.learningRate ?? configuration.learningRate
    configuration.evaluateEvery = trainingOptions.evaluateEvery ?? configuration.evaluateEvery
    configuration.patience = trainingOptions.patience ?? configuration.patience
    return configuration
  }

  /// What the run has had of a budget that it has spent; nil if there is some left.
  private func spent(
    _ budget: TrainingConfiguration.Budget, by checkpoint: TrainingCheckpoint
  ) -> String? {
    let (spent, text) =
      switch budget.unit {
      case .steps: (Double(checkpoint.stepCount), "\(checkpoint.stepCount.grouped) steps")
      case .epochs: (checkpoint.epochs, "\(checkpoint.epochs.fixed(2)) epochs")
      case .minutes: (checkpoint.seconds / 60, duration(checkpoint.seconds))
      }
    return budget.amount > spent ? nil : text
  }

  /// A processor with the instruction set of the run if this machine has it: others round
  /// differently.
  private func processor(of command: RunCommand) throws -> Processor {
    var options = shared
    if options.instructionSet == nil {
      let before = InstructionSet(rawValue: command.instructionSet)
      options.instructionSet = before.flatMap {
        OtherProcesses.instructionSets.contains($0) ? $0 : nil
      }
    }
    let processor = try options.processor()
    let name = processor.kernels.instructionSet.rawValue
    if name != command.instructionSet {
      shared.note(
        "The run began with the instruction set \(command.instructionSet) and resumes with "
          + "\(name): "
          + "its results will differ in the last digits from those of an uninterrupted run.")
    }
    return processor
  }
}

/// The settings that cannot change within a run.
private struct FixedSettings: Equatable {
  /// The model that the run started from.
  let model: String?
  let configuration: TrainingConfiguration
  let network: NetworkConfiguration
  let tokenizer: TokenizerConfiguration
  let invalidUTF8: InvalidUTF8Policy
  let validatesWithOwnText: Bool

  /// - Parameter checkpoint: has the settings that a model or a recipe chose.
  init(_ command: Train, _ checkpoint: TrainingCheckpoint) {
    model = command.files.from
    var configuration = command.trainingOptions.configurationWithoutBudget(
      command.optimizerOptions, base: checkpoint.configuration)
    command.initializationOptions.apply(to: &configuration)
    configuration.learningRate = 1
    configuration.evaluateEvery = nil
    configuration.patience = nil
    self.configuration = configuration
    network = command.networkOptions.configuration(
      vocabularySize: 1, base: checkpoint.network)
    tokenizer = command.tokenizerOptions.configuration(
      base: checkpoint.tokenizer.configuration)
    invalidUTF8 = command.tokenizerOptions.encoding.invalidUTF8
    validatesWithOwnText = command.trainingOptions.validationFile != nil
  }
}
