import Kernels
import Tokenization

/// A text that is read from beginning to end, chunk by chunk, with what is counted along it.
final class TextReading {
  let name: String
  let tokenizer: Tokenizer
  private(set) var isAtEnd = false
  /// The tokens that were read and not taken.
  private(set) var tokens: [TokenID] = []
  /// The unknown units among them, in order.
  private var unknowns: [UnknownUnit] = []
  private var reader: TextReader
  private var encoder: TokenEncoder
  private var words = WordCounter()

  /// - Parameter chunkByteCount: the bytes read at a time.
  /// - Throws: `StorageError`.
  init(
    _ source: TextSource, tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy,
    chunkByteCount: Int
  ) throws {
    name = source.name
    self.tokenizer = tokenizer
    reader = try TextReader(source, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
    encoder = TokenEncoder(tokenizer, recordsUnknowns: true)
  }

  /// Reads the next chunk or, after the last one, the tokens that waited for it.
  /// - Throws: `TokenizationError`, `StorageError`.
  func readChunk() throws {
    let chunk: Void? = try reader.next { utf8 in
      words.append(utf8)
      encoder.append(utf8, to: &tokens)
    }
    if chunk == nil {
      encoder.finish(to: &tokens)
      isAtEnd = true
    }
    unknowns += encoder.takeUnknowns()
  }

  /// Reads to the end of the text or until there are `tokenCount` tokens.
  /// - Throws: `TokenizationError`, `StorageError`.
  func readChunks(upTo tokenCount: Int) throws {
    while !isAtEnd, tokens.count < tokenCount { try readChunk() }
  }

  /// The tokens that were read and not taken, and the unknown units among them.
  func takeTokens() -> (tokens: [TokenID], unknowns: [UnknownUnit]) {
    defer { (tokens, unknowns) = ([], []) }
    return (tokens, unknowns)
  }

  /// The counts of what was read, and the nats of the unknown units beyond their tokens.
  var counts: EvaluationResult {
    EvaluationResult(
      characters: encoder.characterCount, bytes: reader.byteCount, words: words.count,
      tokens: encoder.tokenCount, unknownCharacters: encoder.unknownCount,
      nats: encoder.unknownNats, unknownNats: encoder.unknownNats)
  }
}

/// The scores of a text that were computed before.
struct KnownScores: ScoringModel {
  private let nats: [Double]

  init(_ nats: [Double]) { self.nats = nats }

  mutating func beginText(visitsLogits: Bool) {
    precondition(!visitsLogits, "known scores have no logits")
  }

  mutating func append(
    _ tokens: UnsafeBufferPointer<TokenID>, nats: inout [Double],
    visitingLogits visit: (MatrixView) -> Void
  ) {
    precondition(tokens.count == self.nats.count, "the scores must be of this text")
    nats += self.nats
  }

  mutating func endText(nats: inout [Double], visitingLogits visit: (MatrixView) -> Void) {}

  static func notFinite(name: String) -> EvaluationError { .notFinite(name: name) }
}
