import Kernels
import ModelFiles
import Storage
import Tokenization
import Training

/// What a run leaves behind: its model, and a checkpoint.
struct RunOutputs {
  /// Stands in every checkpoint.
  private(set) var origin: RunCommand
  let checkpointPath: String
  /// Steps before the checkpoint that stands at `checkpointPath`; nil where there is none.
  private(set) var checkpointStep: Int?
  private var hasWrittenModel = false
  /// Keep other runs from both files.
  private let claims: [FileLock]

  init(
    origin: RunCommand, checkpointPath: String, checkpointStep: Int?, claims: [FileLock]
  ) {
    self.claims = claims
    self.origin = origin
    self.checkpointPath = checkpointPath
    self.checkpointStep = checkpointStep
  }

  var output: String { origin.output }

  /// - Throws: `StorageError`.
  mutating func write(_ model: TextModel) throws {
    try model.write(to: output)
    hasWrittenModel = true
  }

  /// Writes the model of a run that is done, where no improvement was: a run that was resumed may have it from its
  /// checkpoint alone, and be told to write it elsewhere.
  /// - Throws: `StorageError`.
  mutating func finish(_ model: TextModel) throws {
    if !hasWrittenModel { try write(model) }
  }

  /// - Parameter pendingLosses: what those who watch the run have not yet told.
  /// - Throws: `StorageError` or `CheckpointError`.
  mutating func write(
    _ checkpoint: TrainingCheckpoint, pendingLosses: [String: MeanLoss]
  ) throws {
    var checkpoint = checkpoint
    origin.pendingLosses = pendingLosses
    try origin.annotate(&checkpoint)
    try checkpoint.write(to: checkpointPath)
    checkpointStep = checkpoint.stepCount
  }

  /// Once the run is done, unless it was asked for.
  func removeCheckpoint() {
    if !origin.keepsCheckpoint { FileWriter.remove(path: checkpointPath) }
  }
}

/// What the command line of a run was, kept in its checkpoints.
struct RunCommand: Codable {
  /// Behind `train`.
  var arguments: [String]
  var texts: [TextFingerprint]
  var validationText: TextFingerprint?
  var output: String
  /// Whether the checkpoint outlives the run.
  var keepsCheckpoint: Bool
  var instructionSet: String
  /// What those who watch the run have not yet told, by their names.
  var pendingLosses: [String: MeanLoss]?

  private static let name = "command"

  init(
    arguments: [String], texts: [TextFingerprint], validationText: TextFingerprint?,
    output: String, keepsCheckpoint: Bool, processor: Processor
  ) {
    self.arguments = arguments
    self.texts = texts
    self.validationText = validationText
    self.output = output
    self.keepsCheckpoint = keepsCheckpoint
    instructionSet = processor.kernels.instructionSet.rawValue
  }

  /// Reads it back from a checkpoint.
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

/// A run that could not go on, and from where it can.
struct ResumableStop: Error, CustomStringConvertible {
  let cause: any Error
  let checkpoint: String

  var description: String {
    "\(cause) The run can go on: charlm train --resume '\(checkpoint)'."
  }
}
