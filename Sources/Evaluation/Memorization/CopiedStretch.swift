/// A stretch of a text that a corpus has, too.
public struct CopiedStretch: Sendable {
  /// The stretch after normalization.
  public let text: String
  /// Its tokens.
  public let length: Int
  /// Tokens of the text before it, unknown ones not counted.
  public let textOffset: Int
  /// The text of the corpus that has it.
  public let corpusName: String
  /// Tokens of that text before a place where it stands.
  public let corpusOffset: Int
  /// The line where it begins there, from 1; nil where the vocabulary has no line feed.
  public let line: Int?
}
