/// Errors in a prompt, a saved state or a model when text is to be generated.
public enum GenerationError: Error, Equatable, CustomStringConvertible {
  /// The vocabulary lacks characters of the prompt, and none may be replaced.
  case unknownCharacters(CharacterReport)
  /// The file is not a saved state.
  case notAState(file: String)
  /// The state was saved with another model, or with several.
  case stateOfOtherModel(file: String)
  /// The state contains invalid token ids.
  case invalidTokens(file: String, tensor: String)
  /// The state contains infinities or NaNs, so nothing can continue from it.
  case stateNotFinite(file: String)
  /// The vocabulary has no character, so nothing can be generated.
  case emptyVocabulary

  /// The settings that may help, in words.
  public var settings: [String] {
    switch self {
    case .unknownCharacters: ["strict"]
    case .notAState: ["save state"]
    case .emptyVocabulary: ["minimum count"]
    default: []
    }
  }

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .unknownCharacters(let unknowns):
      "The model does not know \(unknowns) of the prompt: remove them, or let them be replaced."
    case .notAState(let file):
      "'\(file)' is not a saved state: give a file that was saved as one by this version."
    case .stateOfOtherModel(let file):
      "The state '\(file)' was saved with another model or other weights: load it with the same "
        + "model (adapted to the same text) that it was saved with."
    case .invalidTokens(let file, let tensor):
      "The tensor '\(tensor)' of '\(file)' contains invalid token ids: save the state again."
    case .stateNotFinite(let file):
      "The state to be saved in '\(file)' contains infinities or NaNs: "
        + "train the model again with a lower learning rate."
    case .emptyVocabulary:
      "The model's vocabulary has no character: train it again with a lower minimum count."
    }
  }
}
