/// The settings that decide how text becomes tokens. They are stored with the model, so that
/// corpus, prompt and evaluated text are processed in the same way.
public struct TokenizerConfiguration: Codable, Sendable, Equatable {
  /// The unit that a token is.
  public var unit: TokenUnit
  /// The normalization form of all text.
  public var normalization: NormalizationForm
  /// Whether upper and lower case become one, by full default case folding.
  ///
  /// The text becomes what Unicode 3.13 compares: with `nfc` and `nfd` that of the canonical
  /// caseless match (D145), NFD(toCasefold(NFD(X))); with `nfkc` and `nfkd` that of the
  /// compatibility caseless match (D146), NFKD(toCasefold(NFKD(toCasefold(NFD(X))))), composed
  /// again for `nfc` and `nfkc`; with `none` toCasefold(X) (D144). So canonically equivalent texts
  /// stay equivalent, and folding a second time changes nothing.
  public var foldsCase: Bool
  /// The treatment of line ends.
  public var newlines: NewlinePolicy
  /// The fewest occurrences that make a unit part of a fitted vocabulary; rarer units are unknown.
  public var minimumCount: Int

  /// Creates settings; by default scalars in NFC, case kept, lines ending in LF, every unit known.
  public init(
    unit: TokenUnit = .scalar, normalization: NormalizationForm = .nfc, foldsCase: Bool = false,
    newlines: NewlinePolicy = .lf, minimumCount: Int = 1
  ) {
    self.unit = unit
    self.normalization = normalization
    self.foldsCase = foldsCase
    self.newlines = newlines
    self.minimumCount = minimumCount
  }

  /// Rejects settings that contradict each other.
  /// - Throws: `TokenizerSettingsError`.
  public func validate() throws(TokenizerSettingsError) {
    guard minimumCount >= 1 else {
      throw .minimumCountTooSmall(minimumCount: minimumCount)
    }
    guard unit != .byte || minimumCount == 1 else {
      throw .minimumCountOfBytes(minimumCount: minimumCount)
    }
  }
}

/// The treatment of line ends.
public enum NewlinePolicy: String, CaseIterable, Codable, Sendable {
  /// CR LF and CR become LF.
  case lf
  /// Line ends stay unchanged.
  case keep
}
