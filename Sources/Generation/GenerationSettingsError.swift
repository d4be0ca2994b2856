import Patterns
import Tokenization

/// The settings of generation that can be wrong; the raw value is the name in words.
public enum GenerationSetting: String, Sendable, CaseIterable {
  case temperature
  case topK = "top-k"
  case topP = "top-p"
  case minP = "min-p"
  case typicalP = "typical-p"
  case mirostat
  case mirostatRate = "mirostat rate"
  case repetitionPenalty = "repetition penalty"
  case presencePenalty = "presence penalty"
  case frequencyPenalty = "frequency penalty"
  case penaltyWindow = "penalty window"
  case logitBias = "logit bias"
  case ban
  case length
  case minimumLength = "minimum length"
  case stop
  case pattern
}

/// Errors in the settings of a sampler or in the criteria that end a text.
public enum GenerationSettingsError: Error, Equatable, CustomStringConvertible {
  /// A number is outside what it may be.
  case outOfRange(GenerationSetting, value: String, range: String)
  /// Two settings do the same work.
  case contradiction(GenerationSetting, GenerationSetting)
  /// Mirostat needs random choices.
  case mirostatWithoutTemperature
  /// No token is left to choose.
  case everythingBanned
  /// A character to be banned or biased is not a single token of the model.
  case severalTokens(character: String, count: Int)
  /// A stop text is empty.
  case emptyStop
  /// The pattern matches no text that can be generated.
  case pattern(PatternError)

  /// The settings concerned, in the words of the description.
  public var settings: [String] {
    switch self {
    case .outOfRange(let setting, _, _): [setting.rawValue]
    case .contradiction(let setting, let other): [setting.rawValue, other.rawValue]
    case .mirostatWithoutTemperature:
      [GenerationSetting.mirostat.rawValue, GenerationSetting.temperature.rawValue]
    case .everythingBanned: [GenerationSetting.ban.rawValue]
    case .severalTokens:
      [GenerationSetting.ban.rawValue, GenerationSetting.logitBias.rawValue]
    case .emptyStop: [GenerationSetting.stop.rawValue]
    case .pattern(let error): error.settings
    }
  }

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .outOfRange(let setting, let value, let range):
      "The \(setting.rawValue) is \(value): give \(range)."
    case .contradiction(let setting, let other):
      "The settings \(setting.rawValue) and \(other.rawValue) exclude each other: give only one."
    case .mirostatWithoutTemperature:
      "Mirostat chooses at random, and at temperature 0 nothing is random: "
        + "give only one of both."
    case .everythingBanned:
      "Every character of the model's vocabulary is banned: ban fewer."
    case .severalTokens(let character, let count):
      "The model writes \(characterName(Array(character.unicodeScalars))) with \(count) tokens, "
        + "so it can be neither banned nor biased: choose characters of one token."
    case .emptyStop:
      "A stop text is empty: give the text to stop at."
    case .pattern(let error):
      error.description
    }
  }
}
