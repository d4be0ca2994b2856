/// Converts streamed text to token ids.
///
/// ```swift
/// import Tokenization
///
/// var encoder = TokenEncoder(tokenizer)
/// try encoder.encode(source) { ids in
///   print(ids.count)
///   return true
/// }
/// ```
///
/// A line feed that separates documents, by the tokenizer's `documents`, becomes the token
/// `Vocabulary.endOfText`. The tokens do not depend on where chunks end, which may be anywhere,
/// even within a scalar; some tokens come only with a later chunk or with `finish`. Memory is constant,
/// except for a run of combining marks or a grapheme cluster, which is held until it ends.
public struct TokenEncoder: ~Copyable {
  private let tokenizer: Tokenizer
  private var normalizer: TextNormalizer
  private var splitter: DocumentSplitter
  private var segmenter = GraphemeSegmenter()
  private var normalized = ScratchBuffer<UInt8>(capacity: 2 * TextNormalizer.blockByteCount)
  private var block = ScratchBuffer<TokenID>(capacity: 2 * TextNormalizer.blockByteCount)
  private let recordsUnknowns: Bool

  /// The Unicode scalars of all texts so far, after normalization, whatever the unit.
  public private(set) var characterCount = 0
  /// The tokens of all texts so far.
  public private(set) var tokenCount = 0
  /// The unknown tokens of all texts so far.
  public private(set) var unknownCount = 0
  /// The code length of the unknown units beyond their unknown tokens; see `Tokenizer.unknownNats`.
  public private(set) var unknownNats = 0.0
  /// The unknown units since `takeUnknowns`, if the encoder records them.
  public private(set) var unknowns: [UnknownUnit] = []

  /// Creates an encoder at the beginning of a text.
  public init(_ tokenizer: Tokenizer, recordsUnknowns: Bool = false) {
    self.init(tokenizer, recordsUnknowns: recordsUnknowns, followsLineFeed: false)
  }

  /// - Parameter followsLineFeed: whether a line feed precedes the text.
  init(_ tokenizer: Tokenizer, recordsUnknowns: Bool, followsLineFeed: Bool) {
    self.tokenizer = tokenizer
    self.recordsUnknowns = recordsUnknowns
    normalizer = TextNormalizer(tokenizer.configuration)
    splitter = DocumentSplitter(
      tokenizer.configuration.documents, followsLineFeed: followsLineFeed)
  }

  /// Appends the tokens of the next chunk of the text.
  /// - Precondition: the chunks together are well-formed UTF-8, as `TextReader` ensures.
  public mutating func append(_ utf8: UnsafeRawBufferPointer, to ids: inout [TokenID]) {
    let bytes = utf8.assumingMemoryBound(to: UInt8.self)
    for block in TextNormalizer.blocks(of: bytes) {
      normalizer.append(block, to: &normalized)
      emit(to: &ids)
    }
  }

  /// Ends a text: appends the tokens that were held back. Another text may follow; the counts are
  /// those of all texts.
  public mutating func finish(to ids: inout [TokenID]) {
    normalizer.finish(to: &normalized)
    emit(to: &ids)
    var splitter = splitter
    splitter.finish { lookUp($0, endsDocument: $1) }
    self.splitter = splitter
    closeCluster()
    flush(to: &ids)
  }

  /// Encodes a text from beginning to end, in constant memory.
  /// - Parameters:
  ///   - source: the text.
  ///   - invalidUTF8: what to do with bytes that are not UTF-8.
  ///   - chunkByteCount: the bytes read at a time.
  ///   - body: receives the tokens of each chunk, which may be none; returns whether to continue.
  /// - Returns: the bytes that were read.
  /// - Throws: `TokenizationError.invalidUTF8`, `StorageError`, or what `body` throws.
  @discardableResult
  public mutating func encode(
    _ source: TextSource, invalidUTF8: InvalidUTF8Policy = .error,
    chunkByteCount: Int = TextReader.defaultChunkByteCount, _ body: ([TokenID]) throws -> Bool
  ) throws -> Int {
    var reader = try TextReader(source, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
    var ids: [TokenID] = []
    while try reader.next({ append($0, to: &ids) }) != nil {
      guard try body(ids) else { return reader.byteCount }
      ids.removeAll(keepingCapacity: true)
    }
    finish(to: &ids)
    _ = try body(ids)
    return reader.byteCount
  }

  /// Returns the unknown units recorded since the last call and forgets them, so that they do not
  /// pile up.
  public mutating func takeUnknowns() -> [UnknownUnit] {
    defer { unknowns.removeAll() }
    return unknowns
  }

  /// Turns the normalized text into tokens.
  private mutating func emit(to ids: inout [TokenID]) {
    block.reserve(normalized.count + 1)  // a line feed may have been held back
    var splitter = splitter
    splitter.append(normalized.elements) { lookUp($0, endsDocument: $1) }
    self.splitter = splitter
    normalized.removeAll()
    flush(to: &ids)
  }

  private mutating func lookUp(_ bytes: UnsafeBufferPointer<UInt8>, endsDocument: Bool) {
    switch tokenizer.configuration.unit {
    case .scalar: lookUpScalars(bytes)
    case .byte: lookUpBytes(bytes)
    case .grapheme: lookUpClusters(bytes)
    }
    guard endsDocument else { return }
    closeCluster()
    block.append(Vocabulary.endOfText)
    characterCount += 1
  }

  private mutating func closeCluster() {
    guard let cluster = segmenter.finish() else { return }
    tokenizer.vocabulary.scalars.withLookup { look(up: cluster, $0) }
  }

  private mutating func flush(to ids: inout [TokenID]) {
    ids.append(contentsOf: block.elements)
    tokenCount += block.count
    block.removeAll()
  }

  private mutating func lookUpScalars(_ bytes: UnsafeBufferPointer<UInt8>) {
    let destination = block.base
    let first = block.count
    var count = first
    tokenizer.vocabulary.scalars.withLookup { lookup in
      var position = 0
      while position < bytes.count {
        let byte = bytes[position]
        let (scalar, byteCount) =
          byte < 0x80 ? (UInt32(byte), 1) : UTF8Coding.decode(bytes, at: position)
        let id = lookup[scalar]
        destination[count] = id
        if id == Vocabulary.unknown {
          recordUnknown(
            UnsafeBufferPointer(rebasing: bytes[position..<position + byteCount]),
            scalarCount: 1, tokenIndex: tokenCount + count)
        }
        count += 1
        position += byteCount
      }
    }
    block.count = count
    characterCount += count - first
  }

  private mutating func lookUpBytes(_ bytes: UnsafeBufferPointer<UInt8>) {
    let destination = block.base + block.count
    var continuationCount = 0
    for index in 0..<bytes.count {
      let byte = bytes[index]
      destination[index] = TokenID(byte) + TokenID(Vocabulary.firstUnit)
      continuationCount += byte & 0xC0 == 0x80 ? 1 : 0
    }
    block.count += bytes.count
    characterCount += bytes.count - continuationCount
  }

  private mutating func lookUpClusters(_ bytes: UnsafeBufferPointer<UInt8>) {
    tokenizer.vocabulary.scalars.withLookup { lookup in
      var position = 0
      while let cluster = segmenter.next(in: bytes, from: &position) { look(up: cluster, lookup) }
    }
  }

  @inline(__always)
  private mutating func look(
    up cluster: GraphemeSegmenter.Cluster, _ scalars: ScalarTable<TokenID>.Lookup
  ) {
    let id =
      cluster.scalarCount == 1
      ? scalars[UTF8Coding.decode(cluster.bytes, at: 0).scalar]
      : tokenizer.vocabulary.id(ofUTF8: cluster.bytes)
    if id == Vocabulary.unknown {
      recordUnknown(
        cluster.bytes, scalarCount: cluster.scalarCount, tokenIndex: tokenCount + block.count)
    }
    block.append(id)
    characterCount += cluster.scalarCount
  }

  @inline(never)
  private mutating func recordUnknown(
    _ utf8: UnsafeBufferPointer<UInt8>, scalarCount: Int, tokenIndex: Int
  ) {
    unknownCount += 1
    unknownNats += tokenizer.unknownNats(scalarCount: scalarCount)
    if recordsUnknowns {
      let spelling = String(decoding: utf8, as: UTF8.self)
      unknowns.append(UnknownUnit(tokenIndex: tokenIndex, spelling: spelling))
    }
  }
}

/// A unit of a text that the vocabulary does not have, for warnings.
public struct UnknownUnit: Sendable {
  /// The index of its token.
  public let tokenIndex: Int
  /// Its spelling in the normalized text.
  public let spelling: String
}
