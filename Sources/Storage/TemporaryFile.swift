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

  /// A file in the folder of `path` with all that `input` gives until it ends.
  /// - Throws: `StorageError.cannotCreate`, `.readFailed` or `.writeFailed`.
  public static func copy(
    of input: consuming InputFile, beside path: String
  ) throws -> TemporaryFile {
    var file = try TemporaryFile(beside: path)
    var buffer = [UInt8](repeating: 0, count: copyByteCount)
    var count = 0
    repeat {
      count = try buffer.withUnsafeMutableBytes { try input.read(into: $0) }
      try buffer[..<count].withUnsafeBytes { try file.write($0) }
    } while count == buffer.count
    return file
  }

  private static let copyByteCount = 1 << 20

  /// Appends `bytes`.
  /// - Throws: `StorageError.writeFailed`.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    try writer.write(bytes)
  }

  var descriptor: CInt { writer.descriptor }

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
