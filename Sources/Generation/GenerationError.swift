/// What can be wrong with settings, prompt or model when text is to be generated.
public enum GenerationError: Error, Equatable, CustomStringConvertible {
  /// The temperature is negative, infinite or not a number.
  case temperatureOutOfRange(temperature: Double)
  /// Fewer than one token is to be considered.
  case topKTooSmall(topK: Int)
  /// Fewer than no characters are to be generated.
  case lengthTooSmall(length: Int)
  /// The vocabulary lacks characters of the prompt, and none may be replaced.
  case unknownCharacters(UnknownCharacters)
  /// The vocabulary holds no character at all, so there is nothing to generate.
  case emptyVocabulary

  public var description: String {
    switch self {
    case .temperatureOutOfRange(let temperature):
      "--temperature is \(temperature): give a number from 0 (most likely) upwards."
    case .topKTooSmall(let topK):
      "--top-k is \(topK): give a number of characters to choose among, at least 1."
    case .lengthTooSmall(let length):
      "--length is \(length): give a number of characters, 0 or more."
    case .unknownCharacters(let unknowns):
      "The model does not know \(unknowns) of the prompt: leave them out, or leave out --strict "
        + "to have them replaced."
    case .emptyVocabulary:
      "The model's vocabulary holds no character: train it again with a lower --min-count."
    }
  }
}
