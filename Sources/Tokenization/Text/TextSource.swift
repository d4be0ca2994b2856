import Storage

/// The source of a text, which can be read any number of times.
public struct TextSource: Sendable {
  enum Content: Sendable {
    case file(path: String)
    case mapped(MappedFile)
    case bytes([UInt8])
  }

  /// The name of the text in messages: its path, or "standard input".
  public let name: String
  let content: Content
  /// Receives the bytes that a `TextReader` reads.
  var observer: (@Sendable (UnsafeRawBufferPointer) -> Void)?

  /// The name of standard input in messages.
  package static let standardInputName = "standard input"

  /// The regular file at `path`.
  public static func file(_ path: String) -> TextSource {
    TextSource(name: path, content: .file(path: path))
  }

  /// Bytes in memory.
  public static func bytes(_ bytes: [UInt8], name: String) -> TextSource {
    TextSource(name: name, content: .bytes(bytes))
  }

  /// A text in memory.
  public static func text(_ text: String, name: String) -> TextSource {
    bytes(Array(text.utf8), name: name)
  }

  /// The text that a command line names: `-` is standard input, anything else a path.
  ///
  /// Standard input, pipes and the like are copied at once into an unnamed file in the folder of
  /// `spoolPath`, so that they can be read again.
  /// - Throws: `StorageError`.
  public static func argument(
    _ argument: String, spoolingBeside spoolPath: String
  ) throws -> TextSource {
    if argument == "-" {
      let input = try InputFile(standardInputNamed: standardInputName)
      return try TextSource(
        name: standardInputName,
        content: .mapped(TemporaryFile.copy(of: input, beside: spoolPath).mapped()))
    }
    let input = try InputFile(path: argument)
    if input.isRegularFile { return .file(argument) }
    return try TextSource(
      name: argument, content: .mapped(TemporaryFile.copy(of: input, beside: spoolPath).mapped()))
  }

  /// The same text; `observer` receives its bytes as given, in order, whenever a `TextReader` reads
  /// them.
  package func observed(
    by observer: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
  ) -> TextSource {
    var source = self
    source.observer = observer
    return source
  }

  /// Calls `body` with the bytes of the text as given, in order, in pieces.
  /// - Throws: `StorageError`, or what `body` throws.
  package func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    switch content {
    case .mapped(let file): try file.withBytes(body)
    case .bytes(let bytes): try bytes.withUnsafeBytes(body)
    case .file(let path):
      var file = try InputFile(path: path)
      var buffer = ScratchBuffer<UInt8>(capacity: TextReader.defaultChunkByteCount)
      repeat {
        buffer.count = try file.read(
          into: UnsafeMutableRawBufferPointer(start: buffer.base, count: buffer.capacity))
        try body(UnsafeRawBufferPointer(buffer.elements))
      } while buffer.count == buffer.capacity
    }
  }
}
