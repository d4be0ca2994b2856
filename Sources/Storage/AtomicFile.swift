import Glibc

/// Writes a file incrementally and atomically: it appears at its path only when complete.
///
/// `FileWriter.replace` does the same in one call. If the path is a link, the link stays and its
/// target is replaced.
public struct AtomicFile: ~Copyable {
  public var writer: FileWriter
  private let path: String
  /// The final path: the path given, or the target of that link.
  private let target: String
  private let temporaryPath: String
  private let operations: FileOperations
  private var isFinished = false

  /// Begins a file that will appear at `path`.
  /// - Throws: `StorageError.cannotCreate`.
  public init(path: String) throws {
    try self.init(path: path, using: .system)
  }

  init(path: String, using operations: FileOperations) throws {
    try FileWriter.checkReplaceable(path: path)
    let target = linkTarget(of: path)
    let (descriptor, temporaryPath) = try createFile(
      named: target + FileWriter.temporarySuffix, for: path, mode: 0o666, using: operations)
    writer = FileWriter(path: path, descriptor: descriptor, operations: operations)
    self.path = path
    self.target = target
    self.temporaryPath = temporaryPath
    self.operations = operations
    // A living process holds this lock, so `removeLeftovers` leaves the file alone.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  /// Moves the file to its path. A value that is dropped without this leaves nothing behind.
  /// - Throws: `StorageError.writeFailed` or `.notDurable`.
  public mutating func finish() throws {
    guard operations.synchronize(writer.descriptor) == 0,
      operations.rename(temporaryPath, target) == 0
    else {
      throw StorageError.writeFailed(path: path, reason: systemErrorText())
    }
    isFinished = true
    try synchronizeFolder(of: target, using: operations)
  }

  deinit {
    if !isFinished { unlink(temporaryPath) }
  }
}
