import Storage

/// Reads a text from beginning to end in chunks of well-formed UTF-8 that never split a scalar, in
/// constant memory.
///
/// A byte order mark at the beginning is not part of the text (Unicode 23.8) and is left out.
public struct TextReader: ~Copyable {
  /// The bytes read at a time.
  public static let defaultChunkByteCount = 1 << 20

  /// The bytes of the text, as given, that were read.
  public private(set) var byteCount = 0

  private let source: TextSource
  private let invalidUTF8: InvalidUTF8Policy
  private var file: InputFile?
  /// The bytes read and not yet returned, at the front.
  private var buffer: ScratchBuffer<UInt8>
  private var repaired = ScratchBuffer<UInt8>()
  private var isAtEnd = false
  /// What the first bytes say of the file; nil for nothing.
  private var content: ContentGuess?

  /// Opens `source`.
  /// - Throws: `StorageError.notFound`, `.isDirectory` or `.cannotOpen`.
  public init(_ source: TextSource, invalidUTF8: InvalidUTF8Policy = .error) throws {
    try self.init(source, invalidUTF8: invalidUTF8, chunkByteCount: Self.defaultChunkByteCount)
  }

  package init(
    _ source: TextSource, invalidUTF8: InvalidUTF8Policy, chunkByteCount: Int
  ) throws {
    self.source = source
    self.invalidUTF8 = invalidUTF8
    buffer = ScratchBuffer(capacity: chunkByteCount + Self.longestTail)
    if case .file(let path) = source.content { file = try InputFile(path: path) }
  }

  /// The most bytes at the end of a chunk that wait for the next chunk.
  private static let longestTail = 3
  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// Calls `body` with the next chunk, which is not empty, or returns nil at the end of the text.
  /// The pointer must not escape.
  /// - Throws: `TokenizationError.invalidUTF8`, `.otherEncoding` or `.notText`,
  ///   `StorageError.readFailed`, or what `body` throws.
  public mutating func next<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result? {
    while !isAtEnd {
      let isBeginning = byteCount == 0
      try fill()
      if isBeginning { try guessContent() }
      if isBeginning, content == .utf8Mark { keep(from: ContentGuess.utf8MarkByteCount) }
      let read = buffer.elements
      let end = UTF8Validation.endOfWellFormed(read, from: 0)
      var chunk = UnsafeBufferPointer(rebasing: read[..<end])
      var used = end
      if end < read.count {
        (chunk, used) = try handleIllFormed(from: end)
      }
      defer { keep(from: used) }
      if chunk.count > 0 { return try body(UnsafeRawBufferPointer(chunk)) }
    }
    return nil
  }

  /// Guesses by the first bytes what the file is. With the policy `replace`, any text is read as
  /// UTF-8.
  private mutating func guessContent() throws {
    content = ContentGuess(buffer.elements)
    if case .format(let format) = content {
      throw TokenizationError.notText(file: source.name, format: format)
    }
    if let content, content.isWide, invalidUTF8 == .error {
      throw TokenizationError.otherEncoding(file: source.name, content: content)
    }
  }

  private mutating func fill() throws {
    let room = buffer.capacity - buffer.count
    let free = UnsafeMutableRawBufferPointer(start: buffer.base + buffer.count, count: room)
    let count: Int
    switch source.content {
    case .file: count = try file!.read(into: free)
    case .mapped(let mapped): count = mapped.withBytes { copy($0, to: free) }
    case .bytes(let bytes): count = bytes.withUnsafeBytes { copy($0, to: free) }
    }
    source.observer?(UnsafeRawBufferPointer(rebasing: free[..<count]))
    byteCount += count
    buffer.count += count
    isAtEnd = count < room
  }

  private func copy(
    _ bytes: UnsafeRawBufferPointer, to free: UnsafeMutableRawBufferPointer
  ) -> Int {
    let part = UnsafeRawBufferPointer(rebasing: bytes[byteCount...].prefix(free.count))
    free.copyMemory(from: part)
    return part.count
  }

  /// The replacement of the chunk whose first ill-formed sequence is at `position`, and the number
  /// of bytes of `buffer` that it takes.
  private mutating func handleIllFormed(
    from position: Int
  ) throws -> (chunk: UnsafeBufferPointer<UInt8>, used: Int) {
    let read = buffer.elements
    var start = 0
    var position = position
    repaired.removeAll()
    while position < read.count {
      let illFormedByteCount: Int
      switch UTF8Validation.sequence(in: read, at: position) {
      case .illFormed(let count): illFormedByteCount = count
      case .incomplete where isAtEnd: illFormedByteCount = read.count - position
      default:  // the next chunk has the rest
        if start == 0 { return (UnsafeBufferPointer(rebasing: read[..<position]), position) }
        repaired.append(UnsafeBufferPointer(rebasing: read[start..<position]))
        return (repaired.elements, position)
      }
      guard invalidUTF8 == .replace else {
        let offset = byteCount - read.count + position
        throw TokenizationError.invalidUTF8(
          file: source.name, byteOffset: offset,
          content: content ?? ContentGuess(read, illFormedAt: position))
      }
      repaired.append(UnsafeBufferPointer(rebasing: read[start..<position]))
      Self.replacement.withUnsafeBufferPointer { repaired.append($0) }
      start = position + illFormedByteCount
      position = UTF8Validation.endOfWellFormed(read, from: start)
    }
    repaired.append(UnsafeBufferPointer(rebasing: read[start...]))
    return (repaired.elements, read.count)
  }

  /// Moves the bytes that begin at `used` to the front.
  private mutating func keep(from used: Int) {
    let rest = buffer.count - used
    buffer.base.update(from: buffer.base + used, count: rest)
    buffer.count = rest
  }
}

/// What to do with bytes that are not UTF-8.
public enum InvalidUTF8Policy: String, CaseIterable, Codable, Sendable {
  /// Rejects the text and reports the position.
  case error
  /// Replaces each maximal subpart of an ill-formed sequence by U+FFFD (Unicode 3.9, "U+FFFD
  /// Substitution of Maximal Subparts"), as `String(decoding:as:)` does.
  case replace
}
