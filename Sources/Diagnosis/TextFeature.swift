import Tokenization

/// A property of a position in a text that a unit of a network may follow.
package enum TextFeature: String, CaseIterable, Sendable {
  case insideQuotes = "inside quotes"
  case insideParentheses = "inside parentheses"
  case positionInLine = "position in the line"
  case positionInWord = "position in the word"
  case afterNewline = "after a newline"
  case capitalLetter = "capital letter"
  case wordBoundary = "word boundary"
  case indentation = "depth of indentation"
}

/// Computes the features of a text, character by character, from what has been read so far.
///
/// | feature | after a character |
/// |---|---|
/// | inside quotes | 1 from `"`, `“`, `„` or `«` to the closing mark, else 0; a blank line closes |
/// | inside parentheses | 1 from `(` to its `)`, else 0; a blank line closes |
/// | position in the line | characters since the last newline |
/// | position in the word | letters, digits and `_` of the word so far; 0 outside words |
/// | after a newline | 1 if the character is a newline |
/// | capital letter | 1 if the character is one |
/// | word boundary | 1 if the character is the first one after a word |
/// | depth of indentation | spaces at the beginning of the line so far; a tab counts 4 |
package struct TextFeatureReader: Sendable {
  private var isInQuotes = false
  private var parentheses = 0
  private var column = 0
  private var wordLength = 0
  private var indentation = 0
  private var isIndenting = true

  private static let tabWidth = 4

  /// Creates a reader at the beginning of a text.
  package init() {}

  /// The features after the next unit, in the order of `TextFeature.allCases`. A unit of several
  /// scalars counts as one character, of the kind of its first scalar.
  package mutating func append(_ unit: String) -> [Double] {
    guard let scalar = unit.unicodeScalars.first else {
      return TextFeature.allCases.map { _ in 0 }
    }
    let isNewline = scalar == "\n" || scalar == "\r"
    let wasWord = wordLength > 0
    if isNewline {
      if column == 0 { (isInQuotes, parentheses) = (false, 0) }
      (column, indentation, isIndenting) = (0, 0, true)
    } else {
      column += 1
      indent(scalar)
    }
    wordLength = ScalarKind.word.contains(scalar.value) ? wordLength + 1 : 0
    enclose(scalar)
    return TextFeature.allCases.map { feature in
      switch feature {
      case .insideQuotes: isInQuotes ? 1 : 0
      case .insideParentheses: parentheses > 0 ? 1 : 0
      case .positionInLine: Double(column)
      case .positionInWord: Double(wordLength)
      case .afterNewline: isNewline ? 1 : 0
      case .capitalLetter: scalar.properties.isUppercase ? 1 : 0
      case .wordBoundary: wasWord && wordLength == 0 ? 1 : 0
      case .indentation: Double(indentation)
      }
    }
  }

  private mutating func indent(_ scalar: Unicode.Scalar) {
    guard isIndenting else { return }
    switch scalar {
    case " ": indentation += 1
    case "\t": indentation += Self.tabWidth
    default: isIndenting = false
    }
  }

  private mutating func enclose(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": isInQuotes.toggle()
    // German closes with the mark that opens in English.
    case "“": isInQuotes.toggle()
    case "„", "«": isInQuotes = true
    case "”", "»": isInQuotes = false
    case "(": parentheses += 1
    case ")": parentheses = max(0, parentheses - 1)
    default: break
    }
  }
}
