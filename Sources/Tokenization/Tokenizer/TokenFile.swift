import Storage

/// The token ids of a corpus, in an unnamed file of one or two bytes an id that is read in pieces:
/// it may be larger than memory, and takes none.
///
/// Each document begins with `Vocabulary.endOfText`. A text that follows one whose last line feed
/// already is this token gets no second one.
public struct TokenFile: Sendable {
  private enum Content: Sendable {
    case narrow(RandomAccessFile)
    case wide(RandomAccessFile)
    case memory([TokenID])
  }

  private let content: Content
  /// The number of ids, including those that begin documents.
  public let count: Int
  /// The counts of the texts; zero for ids in memory.
  public let statistics: TextStatistics

  /// Ids in memory.
  public init(_ ids: [TokenID]) {
    content = .memory(ids)
    count = ids.count
    statistics = TextStatistics()
  }

  private init(content: Content, statistics: TextStatistics, count: Int) {
    self.content = content
    self.statistics = statistics
    self.count = count
  }

  /// Tokenizes `sources`, one after another, into an unnamed file in the folder of `path`.
  /// - Throws: `TokenizationError` or `StorageError`.
  public static func write(
    _ sources: [TextSource], tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy = .error,
    beside path: String
  ) throws -> TokenFile {
    try write(
      sources, tokenizer: tokenizer, invalidUTF8: invalidUTF8, beside: path,
      chunkByteCount: TextReader.defaultChunkByteCount)
  }

  package static func write(
    _ sources: [TextSource], tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy,
    beside path: String, chunkByteCount: Int
  ) throws -> TokenFile {
    var file = try TemporaryFile(beside: path)
    let isNarrow = tokenizer.vocabularySize <= Int(UInt8.max) + 1
    var encoder = TokenEncoder(tokenizer)
    var statistics = TextStatistics()
    var beginCount = 0
    var endsDocument = false
    for source in sources {
      if !endsDocument {
        try write([Vocabulary.endOfText], isNarrow: isNarrow, to: &file)
        beginCount += 1
      }
      endsDocument = false
      statistics.byteCount += try encoder.encode(
        source, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount
      ) { ids in
        try write(ids, isNarrow: isNarrow, to: &file)
        if let last = ids.last { endsDocument = last == Vocabulary.endOfText }
        return true
      }
    }
    statistics.characterCount = encoder.characterCount
    statistics.tokenCount = encoder.tokenCount
    statistics.unknownCount = encoder.unknownCount
    statistics.unknownNats = encoder.unknownNats
    let written = try file.readable()
    return TokenFile(
      content: isNarrow ? .narrow(written) : .wide(written), statistics: statistics,
      count: statistics.tokenCount + beginCount)
  }

  private static func write(
    _ ids: [TokenID], isNarrow: Bool, to file: inout TemporaryFile
  ) throws {
    if isNarrow {
      try [UInt8](unsafeUninitializedCapacity: ids.count) { bytes, count in
        for (index, id) in ids.enumerated() { bytes[index] = UInt8(truncatingIfNeeded: id) }
        count = ids.count
      }.withUnsafeBytes { try file.write($0) }
    } else {
      try ids.withUnsafeBytes { try file.write($0) }
    }
  }

  /// Copies the ids of `range` to the front of `destination`.
  /// - Precondition: `range` is within `0..<count`, and `destination` has room for it.
  public func copy(_ range: Range<Int>, to destination: UnsafeMutableBufferPointer<TokenID>) {
    precondition(0 <= range.lowerBound && range.upperBound <= count, "no such tokens")
    precondition(range.count <= destination.count, "no room for the tokens")
    guard range.count > 0, let target = destination.baseAddress else { return }
    switch content {
    case .narrow(let file):
      // The bytes go into the second half of the ids' room, and each is widened before its bytes
      // are overwritten.
      let room = UnsafeMutableRawBufferPointer(start: target, count: 2 * range.count)
      let bytes = UnsafeMutableRawBufferPointer(rebasing: room[range.count...])
      file.read(from: range.lowerBound, into: bytes)
      for index in 0..<range.count {
        let id = TokenID(bytes[index])
        room.storeBytes(of: id, toByteOffset: 2 * index, as: TokenID.self)
      }
    case .wide(let file):
      let size = MemoryLayout<TokenID>.size
      file.read(
        from: range.lowerBound * size,
        into: UnsafeMutableRawBufferPointer(start: target, count: range.count * size))
    case .memory(let ids):
      ids.withUnsafeBufferPointer {
        target.update(from: $0.baseAddress! + range.lowerBound, count: range.count)
      }
    }
  }
}

/// The amount of text that was tokenized.
public struct TextStatistics: Sendable, Equatable {
  /// Bytes of the text as given.
  public var byteCount = 0
  /// Unicode scalars after normalization, whatever the unit.
  public var characterCount = 0
  /// Tokens, without those that begin texts.
  public var tokenCount = 0
  /// Unknown tokens.
  public var unknownCount = 0
  /// The code length of the unknown units beyond their unknown tokens.
  public var unknownNats = 0.0

  /// Creates counts of zero.
  public init() {}
}
