import Glibc

/// An unnamed file: room on disk for data larger than memory, freed however the process ends.
public struct TemporaryFile: ~Copyable {
  private var writer: FileWriter

  /// The folder for temporary files: `TMPDIR`, or /tmp if that is unset or empty.
  public static var folder: String {
    guard let variable = getenv("TMPDIR"), variable.pointee != 0 else { return "/tmp" }
    return String(cString: variable)
  }

  /// Creates the file in the folder of `path`, which must have room for the file at `path` as well.
  /// - Throws: `StorageError.cannotCreate`.
  public init(beside path: String) throws {
    let (descriptor, name) = try createFile(
      named: "\(Storage.folder(of: path))/.charlm", for: path, mode: 0o600)
    unlink(name)
    writer = FileWriter(path: path, descriptor: descriptor)
  }

  /// Appends `bytes`.
  /// - Throws: `StorageError.writeFailed`.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    try writer.write(bytes)
  }

  var descriptor: CInt { writer.descriptor }

  /// Appends all that `descriptor` gives until it ends.
  /// - Throws: `StorageError.readFailed` or `.writeFailed`.
  mutating func append(from descriptor: CInt, path: String) throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw StorageError.readFailed(path: path, reason: systemErrorText()) }
      try buffer[..<count].withUnsafeBytes { try write($0) }
    }
  }

  /// All that was written so far, mapped; it outlives this value.
  /// - Throws: `StorageError.cannotOpen`.
  public func mapped() throws -> MappedFile {
    try MappedFile(descriptor: writer.descriptor, path: writer.path)
  }

  /// All that was written so far, to be read in pieces; it outlives this value.
  /// - Throws: `StorageError.cannotOpen`.
  public func readable() throws -> RandomAccessFile {
    try RandomAccessFile(descriptor: writer.descriptor, path: writer.path)
  }
}
