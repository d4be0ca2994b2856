import Glibc

/// A file that takes shape beside its path and stands there only once it is complete, for bytes that come bit
/// by bit; `FileWriter.replace` is this in one call. Where the path is a link, the link stays, and what it leads to
/// is replaced.
public struct AtomicFile: ~Copyable {
  public var writer: FileWriter
  private let path: String
  /// Where it is to stand: the path, or what that leads to.
  private let target: String
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
    let target = linkTarget(of: path)
    let (descriptor, beside) = try createFile(
      named: target + FileWriter.besideSuffix, for: path, mode: 0o666, using: operations)
    writer = FileWriter(path: path, descriptor: descriptor, operations: operations)
    self.path = path
    self.target = target
    self.beside = beside
    self.operations = operations
    // Held by a living process: `removeLeftovers` leaves the file alone.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  /// Puts what was written at the path. A replacement that is given up without it leaves nothing behind.
  /// - Throws: `StorageError.writeFailed` or `.notDurable`.
  public mutating func finish() throws {
    guard operations.synchronize(writer.descriptor) == 0, operations.rename(beside, target) == 0
    else {
      throw StorageError.writeFailed(path: path, reason: systemErrorText())
    }
    isFinished = true
    try synchronizeFolder(of: target, using: operations)
  }

  deinit {
    if !isFinished { unlink(beside) }
  }
}
