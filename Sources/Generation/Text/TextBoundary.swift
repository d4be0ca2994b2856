import Tokenization

/// A position where a generated text may end.
public enum TextBoundary: String, CaseIterable, Sendable {
  /// After a word.
  case word
  /// After a period, a question mark or the like, with the quotes that close after it.
  case sentence
  /// Before a line end.
  case line
  /// Before a blank line.
  case paragraph

  /// Whether a text that ends with `last` may end before `next`.
  /// - Parameter last: the last scalars of the text, at most `contextLength`.
  func isBetween(_ last: some BidirectionalCollection<Unicode.Scalar>, _ next: Unicode.Scalar)
    -> Bool
  {
    switch self {
    case .word:
      !(Self.isOfWord(next) && last.last.map(Self.isOfWord) ?? false)
    case .sentence:
      next.properties.isWhitespace
        && (last.reversed().first { !Self.closes($0) }.map(Self.endsSentence) ?? false)
    case .line: next == "\n"
    case .paragraph: next == "\n" && last.last == "\n"
    }
  }

  /// The scalars before a boundary that decide on it.
  static let contextLength = 8

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    ["'", "\u{2019}", "-"].contains(scalar) || ScalarKind.word.contains(scalar.value)
  }

  private static func closes(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .closePunctuation, .finalPunctuation: true
    default: scalar == "\"" || scalar == "'" || scalar == "\u{201C}"
    }
  }

  private static func endsSentence(_ scalar: Unicode.Scalar) -> Bool {
    [".", "!", "?", "\u{2026}", "\u{3002}", "\u{FF01}", "\u{FF1F}"].contains(scalar)
  }
}
