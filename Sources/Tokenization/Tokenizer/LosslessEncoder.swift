/// Converts any bytes to token ids without loss: a unit outside the vocabulary becomes the unknown
/// token and the escape symbols that spell it.
///
/// ```swift
/// import Tokenization
///
/// var encoder = LosslessEncoder(tokenizer)
/// var tokens = LosslessTokens()
/// try source.forEachPiece { encoder.append($0, to: &tokens) }
/// encoder.finish(to: &tokens)
/// ```
///
/// Nothing is normalized. A text that normalization does not change has the tokens that
/// `TokenEncoder` gives it; in other texts, the characters that normalization would change are
/// usually unknown. Bytes that are not UTF-8 are spelled byte by byte. Pieces may end anywhere.
package struct LosslessEncoder: ~Copyable {
  private let vocabulary: Vocabulary
  private var splitter: DocumentSplitter
  private var segmenter = GraphemeSegmenter()
  /// The bytes of a scalar that continues in the next piece, and then that piece.
  private var held = ScratchBuffer<UInt8>()

  /// Creates an encoder at the beginning of a text.
  package init(_ tokenizer: Tokenizer) {
    vocabulary = tokenizer.vocabulary
    splitter = DocumentSplitter(tokenizer.configuration.documents)
  }

  /// Appends the tokens of the next bytes of the text that can no longer change.
  package mutating func append(_ bytes: UnsafeRawBufferPointer, to tokens: inout LosslessTokens) {
    var splitter = splitter
    splitter.append(bytes.assumingMemoryBound(to: UInt8.self)) { part, endsDocument in
      append(part, endsDocument: endsDocument, to: &tokens)
    }
    self.splitter = splitter
  }

  private mutating func append(
    _ bytes: UnsafeBufferPointer<UInt8>, endsDocument: Bool, to tokens: inout LosslessTokens
  ) {
    append(bytes, to: &tokens)
    guard endsDocument else { return }
    closeText(to: &tokens)
    tokens.ids.append(Vocabulary.endOfText)
  }

  private mutating func append(
    _ bytes: UnsafeBufferPointer<UInt8>, to tokens: inout LosslessTokens
  ) {
    if vocabulary.unit == .byte {
      tokens.ids.append(contentsOf: bytes.lazy.map { TokenID($0) + TokenID(Vocabulary.firstUnit) })
      return
    }
    held.append(bytes)
    let used = encodeHeld(to: &tokens)
    let rest = held.count - used
    held.base.update(from: held.base + used, count: rest)
    held.count = rest
  }

  /// Appends the tokens that were held back.
  package mutating func finish(to tokens: inout LosslessTokens) {
    var splitter = splitter
    splitter.finish { append($0, endsDocument: $1, to: &tokens) }
    self.splitter = splitter
    closeText(to: &tokens)
  }

  private mutating func closeText(to tokens: inout LosslessTokens) {
    closeCluster(to: &tokens)
    for byte in held.elements { spell(byte: byte, to: &tokens) }
    held.removeAll()
  }

  /// - Returns: the number of held bytes that have become tokens; the rest wait for more.
  private mutating func encodeHeld(to tokens: inout LosslessTokens) -> Int {
    let bytes = UnsafeBufferPointer(start: UnsafePointer(held.base), count: held.count)
    var position = 0
    while position < bytes.count {
      let end = UTF8Validation.endOfWellFormed(bytes, from: position)
      encode(UnsafeBufferPointer(rebasing: bytes[position..<end]), to: &tokens)
      position = end
      guard end < bytes.count else { break }
      guard case .illFormed(let count) = UTF8Validation.sequence(in: bytes, at: end) else { break }
      closeCluster(to: &tokens)
      for byte in bytes[end..<end + count] { spell(byte: byte, to: &tokens) }
      position += count
    }
    return position
  }

  /// Encodes well-formed text.
  private mutating func encode(
    _ bytes: UnsafeBufferPointer<UInt8>, to tokens: inout LosslessTokens
  ) {
    vocabulary.scalars.withLookup { lookup in
      var position = 0
      if vocabulary.unit == .grapheme {
        while let cluster = segmenter.next(in: bytes, from: &position) {
          append(cluster, lookup, to: &tokens)
        }
        return
      }
      while position < bytes.count {
        let (scalar, byteCount) = UTF8Coding.decode(bytes, at: position)
        tokens.ids.append(lookup[scalar])
        if lookup[scalar] == Vocabulary.unknown {
          tokens.literals.append(EscapeSymbol.scalar(scalar))
        }
        position += byteCount
      }
    }
  }

  private mutating func closeCluster(to tokens: inout LosslessTokens) {
    guard let cluster = segmenter.finish() else { return }
    vocabulary.scalars.withLookup { append(cluster, $0, to: &tokens) }
  }

  private func append(
    _ cluster: GraphemeSegmenter.Cluster, _ scalars: ScalarTable<TokenID>.Lookup,
    to tokens: inout LosslessTokens
  ) {
    let id =
      cluster.scalarCount == 1
      ? scalars[UTF8Coding.decode(cluster.bytes, at: 0).scalar]
      : vocabulary.id(ofUTF8: cluster.bytes)
    tokens.ids.append(id)
    guard id == Vocabulary.unknown else { return }
    var position = 0
    while position < cluster.bytes.count {
      let (scalar, byteCount) = UTF8Coding.decode(cluster.bytes, at: position)
      tokens.literals.append(EscapeSymbol.scalar(scalar))
      position += byteCount
    }
    tokens.literals.append(EscapeSymbol.stop)
  }

  private func spell(byte: UInt8, to tokens: inout LosslessTokens) {
    tokens.ids.append(Vocabulary.unknown)
    tokens.literals.append(EscapeSymbol.byte(byte))
    if vocabulary.unit == .grapheme { tokens.literals.append(EscapeSymbol.stop) }
  }
}

/// The tokens of any bytes, and the escape symbols that spell the unknown ones, in order: a single
/// symbol for each unknown token or, if the unit is the grapheme cluster, symbols up to
/// `EscapeSymbol.stop`.
package struct LosslessTokens: Sendable, Equatable {
  package var ids: [TokenID] = []
  package var literals: [UInt32] = []

  package init() {}

  package mutating func removeAll() {
    ids.removeAll(keepingCapacity: true)
    literals.removeAll(keepingCapacity: true)
  }
}
