import Glibc

/// Writes a file incrementally and atomically: it appears at its path only when complete.
///
/// `FileWriter.replace` does the same in one call. If the path is a link, the link stays and its
/// target is replaced.
public struct AtomicFile: ~Copyable {
  /// Receives the bytes of the file.
  public var writer: FileWriter
  private let path: String
  /// The final path: the path given, or the target of that link.
  private let target: String
  private let temporaryPath: String
  private let operations: FileOperations
  private var isFinished = false

  /// Begins a file that will appear at `path`, with the permissions of the file that it replaces.
  /// - Parameter permissions: those of a file that replaces none; by default the umask's.
  /// - Throws: `StorageError.cannotCreate`.
  public init(path: String, permissions: FilePermissions? = nil) throws {
    try self.init(path: path, permissions: permissions, using: .system)
  }

  init(
    path: String, permissions: FilePermissions? = nil, using operations: FileOperations
  ) throws {
    try FileWriter.checkTarget(path: path)
    let target = linkTarget(of: path)
    let permissions = FilePermissions(path: target) ?? permissions
    let (descriptor, temporaryPath) = try createFile(
      named: FileWriter.temporaryPrefix(of: target), for: path, mode: permissions?.mode ?? 0o666,
      using: operations)
    // The umask has limited the mode that the file was created with.
    if let permissions { fchmod(descriptor, permissions.mode) }
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
