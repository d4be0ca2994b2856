import Glibc

/// Converts text to token ids and back.
///
/// ```swift
/// import Tokenization
///
/// let source = TextSource.text("one fish, two fish", name: "fish")
/// let tokenizer = try Tokenizer.fit([source], configuration: TokenizerConfiguration())
/// let tokens = tokenizer.encode("no fish?")
/// print(tokens.ids)  // [8, 9, 2, 5, 7, 10, 6, 0]
/// print(tokens.unknowns[0].spelling)  // "?"
/// print(tokenizer.decode(tokens.ids))  // "no fish" and U+FFFD
/// ```
///
/// `decode(encode(text).ids)` is `normalize(text)` for every text without unknown units. For texts
/// larger than memory use `TokenEncoder`, `TextDecoder` and `TokenFile`.
public struct Tokenizer: Sendable, Equatable {
  /// The settings that decide how text becomes tokens.
  public let configuration: TokenizerConfiguration
  /// The units and their numbers.
  public let vocabulary: Vocabulary
  /// The version of Unicode with which `vocabulary` was made.
  public let unicodeVersion: String

  /// The version of Unicode that this system's utf8proc implements. If a tokenizer's version
  /// differs, scalars that only one of the two assigns may be treated differently.
  public static var systemUnicodeVersion: String { UnicodeTable.version }

  /// Creates a tokenizer of these parts.
  /// - Throws: `TokenizationError` if the parts do not fit.
  public init(
    configuration: TokenizerConfiguration, vocabulary: Vocabulary,
    unicodeVersion: String = Tokenizer.systemUnicodeVersion
  ) throws(TokenizationError) {
    do {
      try configuration.validate()
    } catch {
      throw .invalidSettings(error)
    }
    guard configuration.unit == vocabulary.unit else {
      throw .unitMismatch(configuration: configuration.unit, vocabulary: vocabulary.unit)
    }
    self.configuration = configuration
    self.vocabulary = vocabulary
    self.unicodeVersion = unicodeVersion
    if vocabulary.unit == .grapheme, unicodeVersion == Self.systemUnicodeVersion {
      try checkClusters()
    }
  }

  /// The number of tokens: the rows of a model's embedding.
  public var vocabularySize: Int { vocabulary.count }

  /// The number of tokens that can occur in a text: all, except `Vocabulary.endOfText` if it does
  /// not separate documents.
  public var alphabetSize: Int { vocabularySize - (configuration.documents.splitsTexts ? 0 : 1) }

  /// The tokens of `text`, without the token that begins a text.
  /// - Parameters:
  ///   - text: the text to encode.
  ///   - previous: the character before the text; nil at the beginning of a text.
  public func encode(_ text: String, after previous: Unicode.Scalar? = nil) -> TokenizedText {
    var text = text
    return text.withUTF8 { utf8 in
      var ids: [TokenID] = []
      var encoder = TokenEncoder(
        self, recordsUnknowns: true, followsLineFeed: previous == "\n")
      encoder.append(UnsafeRawBufferPointer(utf8), to: &ids)
      encoder.finish(to: &ids)
      return TokenizedText(ids: ids, unknowns: encoder.unknowns)
    }
  }

  /// The text of `ids`: U+FFFD for an unknown token and, if the unit is the byte, for invalid
  /// UTF-8; for `Vocabulary.endOfText` the line feed that separates documents, or nothing.
  /// - Precondition: every id is less than `vocabularySize`.
  public func decode(_ ids: some Sequence<TokenID>) -> String {
    var decoder = TextDecoder(self)
    var text = ""
    for id in ids { text += decoder.append(id) }
    return text + decoder.finish()
  }

  /// The text as the tokenizer reads it: with the configured line ends, case and normalization
  /// form.
  public func normalize(_ text: String) -> String {
    var text = text
    return text.withUTF8 { utf8 in
      var output = ScratchBuffer<UInt8>(capacity: utf8.count + 64)
      var normalizer = TextNormalizer(configuration)
      normalizer.append(utf8, to: &output)
      normalizer.finish(to: &output)
      return String(decoding: output.elements, as: UTF8.self)
    }
  }

  /// The code length of an unknown unit beyond its unknown token, in nats.
  ///
  /// An unknown scalar costs a uniform choice among all scalars outside the vocabulary. An unknown
  /// grapheme cluster is spelled: each of its scalars, and then the stop, costs a uniform choice
  /// among all scalars and a stop symbol. No byte is ever unknown.
  public func unknownNats(scalarCount: Int = 1) -> Double {
    let scalars = 0x110000 - 0x800
    return switch configuration.unit {
    case .scalar: log(Double(scalars - (vocabulary.count - Vocabulary.firstUnit)))
    case .grapheme: Double(scalarCount + 1) * log(Double(scalars + 1))
    case .byte: 0
    }
  }

  /// Calls `body` with the bytes that a token represents in a text: those of its unit; of
  /// `Vocabulary.endOfText`, the line feed that separates documents; none for
  /// `Vocabulary.unknown`.
  /// - Precondition: `id` is less than `vocabularySize`.
  package func withUTF8<Result>(
    of id: TokenID, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    guard id == Vocabulary.endOfText, configuration.documents.splitsTexts else {
      return try vocabulary.withUTF8(of: id, body)
    }
    return try withUnsafePointer(to: DocumentSplitter.lineFeed) {
      try body(UnsafeBufferPointer(start: $0, count: 1))
    }
  }

  /// The text that a token represents, as in `Vocabulary.spelling(of:)`; for
  /// `Vocabulary.endOfText`, the line feed that separates documents.
  /// - Precondition: `id` is less than `vocabularySize`.
  package func spelling(of id: TokenID) -> String {
    guard id == Vocabulary.endOfText else { return vocabulary.spelling(of: id) }
    return withUTF8(of: id) { String(decoding: $0, as: UTF8.self) }
  }

  /// - Throws: `TokenizationError.malformedUnit`.
  private func checkClusters() throws(TokenizationError) {
    for id in Vocabulary.firstUnit..<vocabulary.count {
      let isOneCluster = vocabulary.withUTF8(of: TokenID(id)) { utf8 in
        var segmenter = GraphemeSegmenter()
        var position = 0
        return segmenter.next(in: utf8, from: &position) == nil
      }
      guard isOneCluster else {
        throw .malformedUnit(position: id - Vocabulary.firstUnit, unit: .grapheme)
      }
    }
  }
}

extension Tokenizer: Codable {
  private enum CodingKeys: String, CodingKey {
    case configuration, vocabulary, unicodeVersion
  }

  /// Decodes and validates a tokenizer.
  /// - Throws: `TokenizationError`, or the decoder's error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      configuration: container.decode(TokenizerConfiguration.self, forKey: .configuration),
      vocabulary: container.decode(Vocabulary.self, forKey: .vocabulary),
      unicodeVersion: container.decode(String.self, forKey: .unicodeVersion))
  }
}

/// A text as tokens, with its unknown units.
public struct TokenizedText: Sendable {
  /// The tokens, without the token that begins a text.
  public let ids: [TokenID]
  /// The unknown units, in order.
  public let unknowns: [UnknownUnit]
}

extension Tokenizer {
  /// The number of characters (Unicode scalars) that each token represents, by token id: 1 for a
  /// scalar; 0 or 1 for a byte (a scalar counts at its first byte); 1 or more for a grapheme
  /// cluster; 1 for the unknown token; 1 for the end of a document within a text, else 0.
  public var characterCounts: [Int] {
    (0..<vocabularySize).map { id in
      switch TokenID(id) {
      case Vocabulary.unknown: 1
      default: withUTF8(of: TokenID(id)) { $0.count { $0 & 0xC0 != 0x80 } }
      }
    }
  }
}
