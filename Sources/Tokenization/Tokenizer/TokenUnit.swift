/// What one token of a text is.
public enum TokenUnit: String, CaseIterable, Codable, Sendable {
  /// A Unicode scalar value (Unicode 3.9, D76): the character of this package.
  case scalar
  /// An extended grapheme cluster (UAX #29): what a reader takes for one character.
  case grapheme
  /// A byte of the normalized text's UTF-8: nothing is ever unknown.
  case byte
}
