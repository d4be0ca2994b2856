/// Errors in a text to be evaluated, or in the model that evaluates it.
public enum EvaluationError: Error, Equatable, CustomStringConvertible {
  /// The text has no token, so no figure can be given for it.
  case emptyText(name: String)
  /// The model's logits are infinite or NaN somewhere in the text.
  case notFinite(name: String)
  /// The weights diverged while they adapted to the text.
  case adaptationDiverged(name: String)
  /// The text to be compared with a corpus has more tokens than can be indexed.
  case textTooLong(name: String, limit: Int)
  /// Two of several models, counted from 0, normalize the text differently, somewhere in the 1,000
  /// characters or so after the first `character` characters of the normalized text.
  case normalizedTextsDiffer(name: String, position: Int, other: Int, character: Int)

  /// The settings that may help, in words.
  public var settings: [String] {
    if case .adaptationDiverged = self { [EvaluationSetting.learningRate.rawValue] } else { [] }
  }

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .emptyText(let name):
      "'\(name)' holds no text to evaluate: give one of at least one character."
    case .notFinite(let name):
      "The model's predictions for '\(name)' are not finite numbers: "
        + "train the model again with a lower learning rate."
    case .adaptationDiverged(let name):
      "The weights that follow '\(name)' have grown beyond all bounds: give a lower dynamic rate."
    case .textTooLong(let name, let limit):
      "'\(name)' has more than the \(limit) tokens that can be looked for in a corpus: give a "
        + "part of it."
    case .normalizedTextsDiffer(let name, let position, let other, let character):
      "Model \(position + 1) reads '\(name)' otherwise than model \(other + 1) does, after "
        + "character "
        + "\(character): compare models with the same normalization, case and newlines, "
        + "or compare their bits per byte with charlm evaluate."
    }
  }
}
