#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that takes shape beside its path and stands there only once it is complete, for bytes that come bit
/// by bit; `FileWriter.replace` is this in one call.
public struct FileReplacement: ~Copyable {
  public var writer: FileWriter
  private let path: String
  private let beside: String
  private let operations: FileOperations
  private var isFinished = false

  /// Begins a file that is to stand at `path`.
  /// - Throws: `StorageError.cannotCreate`.
  public init(path: String) throws {
    try self.init(path: path, using: .system)
  }

  init(path: String, using operations: FileOperations) throws {
    try FileWriter.checkReplaceable(path: path)
    let (descriptor, beside) = try createFile(
      named: path + FileWriter.besideSuffix, for: path, mode: 0o666, using: operations)
    writer = FileWriter(path: path, descriptor: descriptor, operations: operations)
    self.path = path
    self.beside = beside
    self.operations = operations
    // Held by a living process: `removeLeftovers` leaves the file alone.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  /// Puts what was written at the path. A replacement that is given up without it leaves nothing behind.
  /// - Throws: `StorageError.writeFailed` or `.notDurable`.
  public mutating func finish() throws {
    guard operations.synchronize(writer.descriptor) == 0, operations.rename(beside, path) == 0
    else {
      throw StorageError.writeFailed(path: path, reason: systemErrorText())
    }
    isFinished = true
    try synchronizeFolder(of: path, using: operations)
  }

  deinit {
    if !isFinished { unlink(beside) }
  }
}
