import Glibc

/// Finds the line feeds that separate the documents of a streamed text.
///
/// Chunks may end anywhere; the result does not depend on where.
struct DocumentSplitter {
  private let separator: DocumentSeparator
  private var followsLineFeed: Bool
  /// Whether the text so far ends in a line feed that separates documents unless another one
  /// follows; it is part of no chunk yet.
  private var holdsLineFeed = false

  static let lineFeed: UInt8 = 0x0A

  /// - Parameter followsLineFeed: whether a line feed precedes the text.
  init(_ separator: DocumentSeparator, followsLineFeed: Bool = false) {
    self.separator = separator
    self.followsLineFeed = followsLineFeed
  }

  /// Calls `body` with the parts of the next chunk, which may be empty, and whether a document ends
  /// after each; the line feed there is left out.
  mutating func append(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ body: (_ part: UnsafeBufferPointer<UInt8>, _ endsDocument: Bool) -> Void
  ) {
    guard separator.splitsTexts, let last = bytes.last else { return body(bytes, false) }
    if holdsLineFeed { release(endsDocument: bytes[0] != Self.lineFeed, body) }
    var start = 0
    var position = 0
    while let found = memchr(
      bytes.baseAddress! + position, Int32(Self.lineFeed), bytes.count - position)
    {
      let end = UnsafeRawPointer(found) - UnsafeRawPointer(bytes.baseAddress!)
      position = end + 1
      if separator == .blankLines {
        guard end == 0 ? followsLineFeed : bytes[end - 1] == Self.lineFeed else { continue }
        holdsLineFeed = position == bytes.count
        guard holdsLineFeed || bytes[position] != Self.lineFeed else { continue }
      }
      body(UnsafeBufferPointer(rebasing: bytes[start..<end]), !holdsLineFeed)
      start = position
    }
    body(UnsafeBufferPointer(rebasing: bytes[start...]), false)
    followsLineFeed = last == Self.lineFeed
  }

  /// Calls `body` if the text ends with the end of a document; then another text may begin.
  mutating func finish(
    _ body: (_ part: UnsafeBufferPointer<UInt8>, _ endsDocument: Bool) -> Void
  ) {
    if holdsLineFeed { release(endsDocument: true, body) }
    followsLineFeed = false
  }

  private mutating func release(
    endsDocument: Bool, _ body: (UnsafeBufferPointer<UInt8>, Bool) -> Void
  ) {
    holdsLineFeed = false
    withUnsafePointer(to: Self.lineFeed) {
      body(UnsafeBufferPointer(start: $0, count: endsDocument ? 0 : 1), endsDocument)
    }
  }
}
