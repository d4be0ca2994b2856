/// A unit of a text that the vocabulary does not know: for warnings.
public struct UnknownUnit: Sendable {
  /// The index of its token.
  public let tokenIndex: Int
  /// What the normalized text has there.
  public let spelling: String
}
