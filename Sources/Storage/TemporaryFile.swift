import Glibc

/// An unnamed file: room on disk for data larger than memory, freed however the process ends.
public struct TemporaryFile: ~Copyable {
  private var writer: FileWriter

  /// Creates the file in the folder of `path`, which must have room for the file at `path` as well.
  /// - Throws: `StorageError.cannotCreate`.
  public init(beside path: String) throws {
    let (descriptor, name) = try createFile(
      named: "\(folder(of: path))/.charlm", for: path, mode: 0o600)
    unlink(name)
    writer = FileWriter(path: path, descriptor: descriptor)
  }

  /// Appends `bytes`.
  /// - Throws: `StorageError.writeFailed`.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    try writer.write(bytes)
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

  /// Reads the file independently from its beginning; messages call it `name`.
  /// - Throws: `StorageError.cannotOpen`.
  public func reader(name: String) throws -> InputFile {
    try InputFile(reopening: writer.descriptor, name: name)
  }
}
