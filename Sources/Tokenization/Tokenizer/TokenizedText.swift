/// A text as tokens, and what of it the vocabulary does not know.
public struct TokenizedText: Sendable {
  /// The tokens, without any begin or end of text.
  public let ids: [TokenID]
  /// The unknown units, in order.
  public let unknowns: [UnknownUnit]
}
