import Kernels
import ModelFiles
import Storage
import Tokenization
import Training

/// The files that a training run writes: its model and its checkpoint, with the command that the
/// checkpoint records.
struct RunOutputs {
  /// Recorded in every checkpoint.
  private(set) var command: RunCommand
  let checkpointPath: String
  /// The files as its checkpoints name them.
  let recorded: RecordedFiles
  /// The run of the model, its log and its chart (`TrainingSources.run`).
  let run: String
  /// The step of the checkpoint at `checkpointPath`; nil if the run has none there.
  private(set) var checkpointStep: Int?
  private var hasWrittenModel = false
  /// Keep other runs from both files.
  private let locks: [FileLock]

  init(
    _ reserved: ReservedOutputs, command: RunCommand, run: String, checkpointStep: Int? = nil
  ) {
    recorded = RecordedFiles(
      checkpoint: reserved.checkpointPath, command: command, watching: reserved.watching)
    locks = reserved.locks
    checkpointPath = reserved.checkpointPath
    self.command = command
    self.run = run
    self.checkpointStep = checkpointStep
  }

  var output: String { command.output }

  /// - Throws: `StorageError`.
  mutating func write(_ model: TextModel) throws {
    try model.write(to: output)
    hasWrittenModel = true
  }

  /// Writes the model of a finished run unless an improvement was written before.
  ///
  /// A resumed run may know the best model from its checkpoint only, and may have to write it to
  /// another file.
  /// - Throws: `StorageError`.
  mutating func finish(_ model: TextModel) throws {
    if !hasWrittenModel { try write(model) }
  }

  /// - Parameter pendingLosses: the losses that observers have not reported yet.
  /// - Throws: `StorageError` or `CheckpointError`.
  mutating func write(
    _ checkpoint: TrainingCheckpoint, pendingLosses: [String: MeanLoss]
  ) throws {
    var checkpoint = checkpoint
    command.pendingLosses = pendingLosses
    try command.annotate(&checkpoint)
    try checkpoint.write(to: checkpointPath)
    checkpointStep = checkpoint.stepCount
    OtherProcesses.setLastSentence("To resume the run: \(recorded.resumeCommand)")
  }

  /// Removes the checkpoint of a finished run unless the user asked for it.
  func removeCheckpoint() {
    if !command.keepsCheckpoint { FileWriter.remove(path: checkpointPath) }
  }
}

/// The output and the checkpoint of a run, checked and locked before any work.
struct ReservedOutputs {
  let output: String
  let checkpointPath: String
  let watching: WatchOptions
  /// Keep other runs from both files.
  let locks: [FileLock]

  /// - Parameters:
  ///   - inputs: the texts.
  ///   - model: the model that training starts from.
  ///   - resumed: the checkpoint that is resumed.
  /// - Throws: `UsageError` or `StorageError` if a file cannot be written or another one would be
  ///   overwritten.
  init(
    output: String, checkpoint: String, inputs: [String], model: String?, resumed: String? = nil,
    watching options: WatchOptions
  ) throws {
    guard inputs.count(where: { $0 == "-" }) <= 1 else { throw UsageError.standardInputTwice }
    for (option, path) in [("--output", output), ("--checkpoint", checkpoint)] {
      guard path != "-" else { throw UsageError.outputIsDash(option: option) }
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
    let paths = [output, checkpoint]
    for path in paths { try FileWriter.checkReplaceable(path: path) }
    try options.check(files: inputs + model + resumed + paths)
    locks = try paths.map { try FileLock(path: $0) }
    for path in paths { FileWriter.removeLeftovers(of: path) }
    self.output = output
    checkpointPath = checkpoint
    watching = options
  }
}

/// The command line of a run and the texts that it read, recorded in its checkpoints.
struct RunCommand: Codable {
  /// The arguments after `train`.
  var arguments: [String]
  var texts: [TextFingerprint]
  var validationText: TextFingerprint?
  var output: String
  /// Whether the checkpoint outlives the run.
  var keepsCheckpoint: Bool
  var instructionSet: String
  /// The losses that observers have not reported yet, by the observers' names.
  var pendingLosses: [String: MeanLoss]?

  private static let name = "command"

  init(
    arguments: [String], corpus: PreparedCorpus, output: String, keepsCheckpoint: Bool,
    processor: Processor
  ) {
    self.arguments = arguments
    texts = corpus.fingerprints
    validationText = corpus.validationFingerprint
    self.output = output
    self.keepsCheckpoint = keepsCheckpoint
    instructionSet = processor.kernels.instructionSet.rawValue
  }

  /// Reads the command from a checkpoint.
  /// - Throws: `CheckpointError.impossible` or `TextModelError`.
  init(of checkpoint: TrainingCheckpoint, file: String) throws {
    guard let text = checkpoint.annotations[Self.name] else {
      throw CheckpointError.impossible(
        file: file, reason: "it does not say what it was trained on.")
    }
    self = try MetadataText.decode(text, key: Self.name, file: file)
  }

  func annotate(_ checkpoint: inout TrainingCheckpoint) throws {
    checkpoint.annotations[Self.name] = try MetadataText.encode(self)
  }
}

/// A run that failed after it had written a checkpoint.
struct ResumableStop: CommandError {
  let cause: any Error
  let resumeCommand: String

  var exitStatus: Int32 { ExitStatus.stoppedButResumable }

  var description: String {
    let message = (cause as? any CommandError)?.message ?? "\(cause)"
    return "\(message) To resume the run: \(resumeCommand)"
  }
}
