/// Where the part of a text lies that is kept for validation.
public enum ValidationSplit: String, Sendable, Codable, CaseIterable {
  /// At its end.
  case tail
  /// In blocks spread evenly over it, so that both parts are of the same kind where the text changes on its way.
  case interleaved
}
