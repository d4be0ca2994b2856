/// The amount of text that was tokenized.
public struct TextStatistics: Sendable, Equatable {
  /// Bytes of the text as given.
  public var byteCount = 0
  /// Unicode scalars after normalization, whatever the unit.
  public var characterCount = 0
  /// Tokens, without the tokens that begin and end texts.
  public var tokenCount = 0
  /// Unknown tokens.
  public var unknownCount = 0
  /// The code length of the unknown units beyond their unknown tokens.
  public var unknownNats = 0.0

  /// Creates counts of zero.
  public init() {}
}
