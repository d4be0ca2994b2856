/// Errors that prevent a training run from starting or continuing.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// The text has too few characters to predict one from another.
  case textTooShort(name: String, characterCount: Int)
  /// The text has fewer lanes than shards.
  case tooFewLanes(name: String, laneCount: Int, shards: Int)
  /// A separate validation text has no characters.
  case emptyValidationText(name: String)
  /// A step found infinities or NaNs.
  case notFinite(step: Int, tensor: String)
  /// Steps found infinities or NaNs again after roll-backs with lower learning rates.
  case gaveUp(step: Int, tensor: String, rollbackCount: Int)

  /// The settings that may help, in words.
  public var settings: [String] {
    switch self {
    case .textTooShort, .emptyValidationText, .tooFewLanes: []
    case .notFinite, .gaveUp:
      [TrainingSetting.learningRate.rawValue, TrainingSetting.clipNorm.rawValue]
    }
  }

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .textTooShort(let name, let characterCount):
      "\(name) has \(characterCount) character\(characterCount == 1 ? "" : "s"): "
        + "give a text of at least 2 to train on."
    case .tooFewLanes(let name, let laneCount, let shards):
      "\(name) is only long enough for \(laneCount) lane\(laneCount == 1 ? "" : "s"), fewer than the "
        + "\(shards) shards: give fewer processes or shards, or a longer text."
    case .emptyValidationText(let name):
      "'\(name)' has no text to validate with: give a text of at least one character."
    case .notFinite(let step, let tensor):
      "Step \(step) found infinities or NaNs in \(tensor): "
        + "train with a lower learning rate or a lower clip norm."
    case .gaveUp(let step, let tensor, let rollbackCount):
      "Step \(step) found infinities or NaNs in \(tensor) again after \(rollbackCount) roll-backs, "
        + "each with half the learning rate: train with a lower learning rate or a lower clip "
        + "norm. "
        + "The best weights before it are kept."
    }
  }
}
