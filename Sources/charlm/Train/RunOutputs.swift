import ModelFiles
import Storage
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
