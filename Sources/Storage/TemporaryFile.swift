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

  /// Creates the file in the folder for temporary files.
  /// - Throws: `StorageError.cannotCreate`.
  public init() throws {
    do {
      try self.init(beside: "\(Self.folder)/charlm")
    } catch StorageError.cannotCreate(let path, let reason) {
      throw StorageError.cannotCreate(
        path: path, reason: "\(reason); TMPDIR names the folder for temporary files")
    }
  }

  /// A file in the folder of `path` with all that `input` gives until it ends.
  /// - Throws: `StorageError.cannotCreate`, `.readFailed` or `.writeFailed`.
  public static func copy(
    of input: consuming InputFile, beside path: String
  ) throws -> TemporaryFile {
    var file = try TemporaryFile(beside: path)
    try file.append(input)
    return file
  }

  /// A file in the folder for temporary files with all that `input` gives until it ends.
  /// - Throws: `StorageError.cannotCreate`, `.readFailed` or `.writeFailed`.
  static func copy(of input: consuming InputFile) throws -> TemporaryFile {
    var file = try TemporaryFile()
    try file.append(input)
    return file
  }

  private mutating func append(_ input: consuming InputFile) throws {
    var buffer = [UInt8](repeating: 0, count: Self.copyByteCount)
    var count = 0
    repeat {
      count = try buffer.withUnsafeMutableBytes { try input.read(into: $0) }
      try buffer[..<count].withUnsafeBytes { try write($0) }
    } while count == buffer.count
  }

  private static let copyByteCount = 1 << 20

  /// Appends `bytes`.
  /// - Throws: `StorageError.writeFailed`.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    try writer.write(bytes)
  }

  /// Open for reading and writing; it closes with the value.
  package var descriptor: CInt { writer.descriptor }

  /// All that was written so far, mapped; it outlives this value.
  /// - Throws: `StorageError.cannotOpen`.
  public func mapped() throws -> MappedFile {
    // Nobody else can shorten it.
    try MappedFile(descriptor: writer.descriptor, path: writer.path, copyLimit: 0)
  }

  /// All that was written so far, to be read in pieces; it outlives this value.
  /// - Throws: `StorageError.cannotOpen`.
  public func readable() throws -> RandomAccessFile {
    try RandomAccessFile(descriptor: writer.descriptor, path: writer.path)
  }
}
