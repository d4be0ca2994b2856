import Patterns
import Tokenization

/// What can be wrong with settings, prompt or model when text is to be generated.
public enum GenerationError: Error, Equatable, CustomStringConvertible {
  /// The temperature is negative, infinite or not a number.
  case temperatureOutOfRange(temperature: Double)
  /// Fewer than one token is to be considered.
  case topKTooSmall(topK: Int)
  /// A setting of the sampler is a number that means nothing.
  /// - Parameter range: which numbers do, as the end of "a number ...".
  case settingOutOfRange(option: String, value: Double, range: String)
  /// Two settings do the same work.
  case contradictingSettings(String, String)
  /// No token is left to choose.
  case everythingBanned
  /// Fewer than no characters are to be generated.
  case lengthTooSmall(length: Int)
  /// A character that is to be banned or made likelier is not one token of the model.
  case severalTokens(character: String, count: Int)
  /// A text is to have more characters at least than at most, or fewer than none.
  case minimumLengthOutOfRange(minimumLength: Int, length: Int)
  /// The pattern matches no text that can be generated.
  case pattern(PatternError)
  /// A text to stop at is empty.
  case emptyStop
  /// The vocabulary lacks characters of the prompt, and none may be replaced.
  case unknownCharacters(UnknownCharacters)
  /// The file holds no context of a text.
  case notAContext(file: String)
  /// The text was read by another model, or by several.
  case contextOfOtherModel(file: String)
  /// Tokens of a context cannot be.
  case contextTokens(file: String, tensor: String)
  /// The models' numbers are infinite or not numbers, so there is nothing to go on from.
  case contextNotFinite(file: String)
  /// The vocabulary holds no character at all, so there is nothing to generate.
  case emptyVocabulary

  public var description: String {
    switch self {
    case .temperatureOutOfRange(let temperature):
      "--temperature is \(temperature): give a number from 0 (most likely) upwards."
    case .topKTooSmall(let topK):
      "--top-k is \(topK): give a number of characters to choose among, at least 1."
    case .settingOutOfRange(let option, let value, let range):
      "\(option) is \(value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"): "
        + "give a number \(range)."
    case .contradictingSettings(let option, let other):
      "\(option) and \(other) were both given: leave one of them."
    case .everythingBanned:
      "Every character of the model's vocabulary is banned: ban fewer."
    case .lengthTooSmall(let length):
      "--length is \(length): give a number of characters, 0 or more."
    case .severalTokens(let character, let count):
      "The model writes \(CharacterName.of(Array(character.unicodeScalars))) with \(count) tokens, so it can be "
        + "neither banned nor made likelier: choose characters of one token."
    case .minimumLengthOutOfRange(let minimumLength, let length):
      "--min-length is \(minimumLength): give a number of characters from 0 to \(length), the length."
    case .pattern(let error):
      error.description
    case .emptyStop:
      "--stop is empty: give the text to stop at."
    case .unknownCharacters(let unknowns):
      "The model does not know \(unknowns) of the prompt: leave them out, or leave out --strict "
        + "to have them replaced."
    case .notAContext(let file):
      "'\(file)' is no saved state: name a file that --save-state wrote with this version of charlm."
    case .contextOfOtherModel(let file):
      "The state '\(file)' was saved with another model or other weights: load it with the model, and where one "
        + "was given the --adapt, that it was saved with."
    case .contextTokens(let file, let tensor):
      "The tensor '\(tensor)' of '\(file)' holds tokens that cannot be: save the state again."
    case .contextNotFinite(let file):
      "The state to save in '\(file)' is not of finite numbers: train the model again with a lower learning rate."
    case .emptyVocabulary:
      "The model's vocabulary holds no character: train it again with a lower --min-count."
    }
  }
}
