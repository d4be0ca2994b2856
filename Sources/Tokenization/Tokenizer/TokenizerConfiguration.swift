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
  /// What a document is.
  public var documents: DocumentSeparator
  /// The fewest occurrences that make a unit part of a fitted vocabulary; rarer units are unknown.
  public var minimumCount: Int

  /// Creates settings; by default scalars in NFC, case kept, lines ending in LF, each text one
  /// document, every unit known.
  public init(
    unit: TokenUnit = .scalar, normalization: NormalizationForm = .nfc, foldsCase: Bool = false,
    newlines: NewlinePolicy = .lf, documents: DocumentSeparator = .files, minimumCount: Int = 1
  ) {
    self.unit = unit
    self.normalization = normalization
    self.foldsCase = foldsCase
    self.newlines = newlines
    self.documents = documents
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
    guard !documents.splitsTexts || newlines == .lf else {
      throw .documentsOfKeptNewlines(documents)
    }
  }
}

extension TokenizerConfiguration {
  private enum CodingKeys: String, CodingKey {
    case unit, normalization, foldsCase, newlines, documents, minimumCount
  }

  /// Decodes settings; without a key `documents`, as in files of earlier versions, each text is one
  /// document.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      unit: container.decode(TokenUnit.self, forKey: .unit),
      normalization: container.decode(NormalizationForm.self, forKey: .normalization),
      foldsCase: container.decode(Bool.self, forKey: .foldsCase),
      newlines: container.decode(NewlinePolicy.self, forKey: .newlines),
      documents: container.decodeIfPresent(DocumentSeparator.self, forKey: .documents) ?? .files,
      minimumCount: container.decode(Int.self, forKey: .minimumCount))
  }

  /// Encodes settings; `documents` only if it is not the default.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(unit, forKey: .unit)
    try container.encode(normalization, forKey: .normalization)
    try container.encode(foldsCase, forKey: .foldsCase)
    try container.encode(newlines, forKey: .newlines)
    if documents.splitsTexts { try container.encode(documents, forKey: .documents) }
    try container.encode(minimumCount, forKey: .minimumCount)
  }
}

/// The treatment of line ends.
public enum NewlinePolicy: String, CaseIterable, Codable, Sendable {
  /// CR LF and CR become LF.
  case lf
  /// Line ends stay unchanged.
  case keep
}

/// What a document is: a text that a model learns from its beginning to its end.
///
/// Each text begins with `Vocabulary.endOfText`. If a text holds several documents, the line feed
/// that separates two of them becomes this token as well, and the token represents that line feed:
/// no character is lost, and a document reads as if it had a file to itself.
public enum DocumentSeparator: String, CaseIterable, Codable, Sendable {
  /// Each text is one document.
  case files
  /// Blank lines separate documents: of two or more successive line feeds, the last one is the
  /// token. A line of spaces is not blank (as in the paragraph mode of POSIX awk).
  case blankLines = "blank-lines"
  /// Each line is a document: every line feed is the token.
  case lines

  /// Whether a text can hold several documents.
  public var splitsTexts: Bool { self != .files }
}
