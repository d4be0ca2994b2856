/// What can keep a training run from starting or from going on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// There are too few characters to predict one from another.
  case textTooShort(name: String, characterCount: Int)
  /// A text of its own to validate with has no characters.
  case emptyValidationText(name: String)
  /// A setting is outside what it can be.
  case invalidSetting(option: String, value: String, range: String)
  /// A setting would have no effect.
  case unusedSetting(option: String, needs: String)
  /// A step met numbers that are infinite or not a number.
  case notFinite(step: Int, tensor: String)
  /// The same again and again, after going back to good weights with lower learning rates.
  case gaveUp(step: Int, tensor: String, returnCount: Int)

  public var description: String {
    switch self {
    case .textTooShort(let name, let characterCount):
      "\(name) has \(characterCount) character\(characterCount == 1 ? "" : "s"): "
        + "give a text of at least 2 to train on."
    case .emptyValidationText(let name):
      "'\(name)' holds no text to validate with: give one of at least one character."
    case .invalidSetting(let option, let value, let range):
      "\(option) is \(value): give \(range)."
    case .unusedSetting(let option, let needs):
      "\(option) has no effect here: give it with \(needs), or leave it out."
    case .notFinite(let step, let tensor):
      "Step \(step) found numbers that are not finite in \(tensor): "
        + "train with a lower --learning-rate or --clip-norm."
    case .gaveUp(let step, let tensor, let returnCount):
      "Step \(step) found numbers that are not finite in \(tensor), for the last time after \(returnCount) "
        + "returns to good weights with half the learning rate each: train with a lower --learning-rate "
        + "or --clip-norm; the best weights before it are kept."
    }
  }
}
