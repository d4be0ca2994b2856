/// Errors in a text, or in a stored tokenizer.
public enum TokenizationError: Error, Equatable, CustomStringConvertible {
  /// The text is not UTF-8; the offset is that of the first byte of the ill-formed sequence, and
  /// the content is what the file seems to be instead.
  case invalidUTF8(file: String, byteOffset: Int, content: ContentGuess? = nil)
  /// The text seems to be UTF-16 or UTF-32, whether or not it is well-formed UTF-8.
  case otherEncoding(file: String, content: ContentGuess)
  /// The file is of a format that is not plain text.
  case notText(file: String, format: FileFormat)
  /// The texts have more distinct units than a `TokenID` can number.
  case vocabularyTooLarge(unitCount: Int)
  /// A stored tokenizer's settings are invalid.
  case invalidSettings(TokenizerSettingsError)
  /// A stored unit is not a single scalar or grapheme cluster, as the vocabulary's kind demands.
  case malformedUnit(position: Int, unit: TokenUnit)
  /// Stored units are not in ascending order of their UTF-8, or one occurs twice.
  case unsortedUnits(position: Int)
  /// A vocabulary of bytes lists units, or a vocabulary of another kind does not.
  case unexpectedUnits(unit: TokenUnit)
  /// The settings and the vocabulary of a stored tokenizer have different units.
  case unitMismatch(configuration: TokenUnit, vocabulary: TokenUnit)

  /// The settings that may help, in words.
  public var settings: [String] {
    switch self {
    case .invalidUTF8(_, _, nil): ["invalid UTF-8"]
    case .vocabularyTooLarge: [TokenizerSetting.minimumCount.rawValue]
    default: []
    }
  }

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .invalidUTF8(let file, let byteOffset, .binary):
      "'\(file)' is not UTF-8 at byte \(byteOffset) and does not look like text: give a text file."
    case .invalidUTF8(let file, let byteOffset, let content):
      "'\(file)' is not UTF-8 at byte \(byteOffset)"
        + (content?.name.map { ", but seems to be \($0): convert it." }
          ?? ": convert it, or let each invalid sequence be replaced by U+FFFD.")
    case .otherEncoding(let file, let content):
      "'\(file)' seems to be \(content.name ?? "of another encoding"): convert it."
    case .notText(let file, let format):
      "'\(file)' is \(format.name), not plain text: \(format.remedy)."
    case .vocabularyTooLarge(let unitCount):
      "The text has \(unitCount) distinct units, but a vocabulary has at most "
        + "\(Vocabulary.maximumUnitCount): make rare ones unknown by raising the minimum count."
    case .invalidSettings(let error):
      error.description
    case .malformedUnit(let position, let unit):
      "The vocabulary is damaged: entry \(position) is not one \(unit.rawValue). "
        + "Get the model file again."
    case .unsortedUnits(let position):
      "The vocabulary is damaged: entry \(position) is out of order or occurs twice. "
        + "Get the model file again."
    case .unexpectedUnits(let unit):
      "The vocabulary is damaged: a vocabulary of the unit \(unit.rawValue) "
        + (unit == .byte ? "lists no units. " : "lists its units. ") + "Get the model file again."
    case .unitMismatch(let configuration, let vocabulary):
      "The tokenizer is damaged: its settings say \(configuration.rawValue), its vocabulary "
        + "\(vocabulary.rawValue). Get the model file again."
    }
  }
}
