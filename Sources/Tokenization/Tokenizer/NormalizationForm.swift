/// A normalization form of Unicode (UAX #15), or none.
public enum NormalizationForm: String, CaseIterable, Codable, Sendable {
  /// Canonical composition.
  case nfc
  /// Canonical decomposition.
  case nfd
  /// Compatibility composition.
  case nfkc
  /// Compatibility decomposition.
  case nfkd
  /// The text stays as it is.
  case none
}
