import ArgumentParser
import Kernels
import ModelFiles
import RecurrentNetwork
import Storage
import Tokenization
import Training

extension Train {
  /// Goes on from the checkpoint at `path`: all that is not given again is as it was.
  func resume(from path: String) throws {
    let checkpoint = try TrainingCheckpoint(path: path)
    var origin = try RunCommand(of: checkpoint, file: path)
    let original = try original(origin, file: path)
    try refuseContradictions(to: original, origin, checkpoint)
    origin.output = output ?? origin.output
    origin.keepsCheckpoint = origin.keepsCheckpoint || checkpointOptions.checkpoint != nil
    let checkpointPath = checkpointOptions.checkpoint ?? path
    let plan = try checkpointOptions.plan(isKept: origin.keepsCheckpoint)
    let processor = try processor(of: origin)
    let configuration = try configuration(goingOnFrom: checkpoint)
    let names = texts.isEmpty ? origin.texts.map(\.name) : texts
    let validation = trainingOptions.validationFile ?? origin.validationText?.name
    let watchOptions = watchOptions.filled(from: original.watchOptions)
    origin.arguments += self.watchOptions.arguments
    let claims = try checkFiles(
      inputs: names + [validation].compactMap { $0 }, model: original.from, resumed: path,
      output: origin.output, checkpoint: checkpointPath, watching: watchOptions)
    let sources = try TrainingTexts(
      names, validationFile: validation,
      invalidUTF8: original.tokenizerOptions.encoding.invalidUTF8, spoolingBeside: origin.output)
    try sources.check(against: origin)
    let tokens = try sources.tokens(checkpoint.tokenizer)
    let run = try TrainingRun(
      tokens: tokens.training, tokenizer: checkpoint.tokenizer, network: checkpoint.network,
      configuration: configuration, validationTokens: tokens.validation, processor: processor)
    shared.note("Going on after step \(checkpoint.stepCount.grouped) of '\(path)'.")
    let isReplacing = isSameFile(checkpointPath, path)
    if !isReplacing { try setAside(checkpointPath) }
    let files = RunOutputs(
      origin: origin, checkpointPath: checkpointPath,
      checkpointStep: isReplacing ? checkpoint.stepCount : nil,
      claims: claims)
    try follow(
      run, plan: plan, resuming: checkpoint,
      reporter: watchOptions.reporter(
        files, vocabularySize: checkpoint.tokenizer.vocabularySize, seed: configuration.seed,
        isQuiet: shared.quiet, processor: processor))
  }

  /// The command line that began the run.
  private func original(_ origin: RunCommand, file: String) throws -> Train {
    do {
      return try Train.parse(origin.arguments)
    } catch {
      throw CheckpointError.impossible(
        file: file, reason: "its command line is none of this program.")
    }
  }

  /// Refuses options that would make it another run than the one that the checkpoint is of.
  private func refuseContradictions(
    to original: Train, _ origin: RunCommand, _ checkpoint: TrainingCheckpoint
  ) throws {
    let settled = SettledOptions(original, checkpoint)
    for option in Self.options(of: Array(CommandLine.arguments.dropFirst(2))) {
      guard let changed = try? Train.parse(origin.arguments + option) else { continue }
      guard SettledOptions(changed, checkpoint) == settled else {
        throw UsageError.contradictsCheckpoint(option: option[0])
      }
    }
  }

  /// Each option with what stands behind it.
  private static func options(of arguments: [String]) -> [[String]] {
    var options: [[String]] = []
    for argument in arguments {
      if argument.hasPrefix("--") {
        options.append([argument])
      } else if !options.isEmpty {
        options[options.count - 1].append(argument)
      }
    }
    return options
  }

  /// The settings, with those that may be given anew.
  private func configuration(
    goingOnFrom checkpoint: TrainingCheckpoint
  ) throws -> TrainingConfiguration {
    var configuration = checkpoint.configuration
    configuration.budget = try trainingOptions.budget() ?? configuration.budget
    configuration.learningRate = optimizerOptions.learningRate ?? configuration.learningRate
    configuration.evaluateEvery = trainingOptions.evaluateEvery ?? configuration.evaluateEvery
    configuration.patience = trainingOptions.patience ?? configuration.patience
    return configuration
  }

  /// With the instruction set of the run, if this processor has it: other ones round otherwise.
  private func processor(of origin: RunCommand) throws -> Processor {
    var options = shared
    if options.instructionSet == nil {
      let before = InstructionSet(rawValue: origin.instructionSet)
      options.instructionSet = before.flatMap { $0.isAvailable ? $0 : nil }
    }
    let processor = try options.processor()
    let name = processor.kernels.instructionSet.rawValue
    if name != origin.instructionSet {
      shared.note(
        "The run began with the instruction set \(origin.instructionSet) and goes on with \(name): "
          + "the last digits of its figures will differ from those of a run in one piece.")
    }
    return processor
  }
}

/// What cannot change within a run.
private struct SettledOptions: Equatable {
  /// The model that it began with.
  let model: String?
  let configuration: TrainingConfiguration
  let network: NetworkConfiguration
  let tokenizer: TokenizerConfiguration
  let invalidUTF8: InvalidUTF8Policy
  let validatesWithOwnText: Bool

  /// - Parameter checkpoint: has what was settled otherwise: by a model, or by a recipe.
  init(_ command: Train, _ checkpoint: TrainingCheckpoint) {
    model = command.from
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
