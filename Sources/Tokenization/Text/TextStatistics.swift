/// How much text was tokenized.
public struct TextStatistics: Sendable, Equatable {
  /// Bytes of the text as given.
  public var byteCount = 0
  /// Unicode scalars after normalization, whatever the unit.
  public var characterCount = 0
  /// Tokens, without begin and end of text.
  public var tokenCount = 0
  /// Tokens that are the unknown one.
  public var unknownCount = 0
  /// The code length of the unknown units beyond their unknown tokens.
  public var unknownNats = 0.0

  /// Nothing yet.
  public init() {}
}
