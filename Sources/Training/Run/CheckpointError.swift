/// What can be wrong with a safetensors file that is whole but is to be a checkpoint, or with resuming it.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// The file is something else.
  case notACheckpoint(file: String)
  /// The file is of a later format than this program reads.
  case unknownFormat(file: String, found: String)
  /// No run can have come to this.
  case impossible(file: String, reason: String)
  /// A number is infinite or not a number.
  case notFinite(file: String, tensor: String)
  /// The text is not the one that the run was trained on.
  case otherText(name: String, reason: String)

  /// One sentence: what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .notACheckpoint(let file):
      "'\(file)' is no checkpoint of a training run: name the file that the run called one."
    case .unknownFormat(let file, let found):
      "'\(file)' is a checkpoint of format '\(found)', and this program reads format "
        + "'\(TrainingCheckpoint.format)': use a newer charlm."
    case .impossible(let file, let reason):
      "The checkpoint '\(file)' cannot be resumed, \(reason) Start the run again."
    case .notFinite(let file, let tensor):
      "The checkpoint '\(file)' would hold numbers that are not finite in '\(tensor)': "
        + "start the run again with a lower --learning-rate."
    case .otherText(let name, let reason):
      "\(name) is not what the run was trained on (\(reason)): "
        + "give the text that it was trained on, or start a new run."
    }
  }
}
