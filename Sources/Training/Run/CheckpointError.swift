/// Errors in an intact safetensors file that should be a checkpoint, or in resuming it.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// The file is not a checkpoint.
  case notACheckpoint(file: String)
  /// The file has a later format than this program reads.
  case unknownFormat(file: String, found: String)
  /// The contents contradict each other.
  case impossible(file: String, reason: String)
  /// A number is infinite or NaN.
  case notFinite(file: String, tensor: String)
  /// The text is not the one that the run trains on.
  case otherText(name: String, reason: String)

  /// One sentence: what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .notACheckpoint(let file):
      "'\(file)' is not a training checkpoint: give the .checkpoint file that the run reported."
    case .unknownFormat(let file, let found):
      "'\(file)' is a checkpoint of format '\(found)', and this program reads formats 1 and 2: "
        + "use a newer charlm."
    case .impossible(let file, let reason):
      "The checkpoint '\(file)' cannot be resumed: \(reason) Start the run again."
    case .notFinite(let file, let tensor):
      "The checkpoint '\(file)' would contain infinities or NaNs in '\(tensor)': "
        + "start the run again with a lower learning rate."
    case .otherText(let name, let reason):
      "\(name) is not the text that the run trains on (\(reason)): "
        + "give that text, or start a new run."
    }
  }
}
