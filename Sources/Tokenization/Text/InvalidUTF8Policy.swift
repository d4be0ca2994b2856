/// What to do with bytes that are not UTF-8.
public enum InvalidUTF8Policy: String, CaseIterable, Codable, Sendable {
  /// Refuse the text and say where.
  case error
  /// Put U+FFFD for each maximal subpart of an ill-formed sequence (Unicode 3.9, "U+FFFD Substitution
  /// of Maximal Subparts"), as `String(decoding:as:)` does.
  case replace
}
