import Kernels
import ModelFiles
import Tokenization
import Training

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
