import Glibc

/// Writes bytes into a file that only its creator sees: a temporary file in the folder of the final
/// path, or an unnamed one.
///
/// `replace(path:with:)` writes every file of this package that must survive: to a temporary file,
/// which is synced and renamed over the final path, before the folder is synced. A reader sees
/// either the old file or the complete new one.
public struct FileWriter: ~Copyable {
  /// The path that messages name.
  let path: String
  let descriptor: CInt
  private let operations: FileOperations

  init(path: String, descriptor: CInt, operations: FileOperations = .system) {
    self.path = path
    self.descriptor = descriptor
    self.operations = operations
  }

  /// Writes all of `bytes`.
  /// - Throws: `StorageError.writeFailed`.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    var written = 0
    while written < bytes.count {
      let count = operations.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
      if count < 0 {
        if errno == EINTR { continue }
        throw StorageError.writeFailed(path: path, reason: systemErrorText())
      }
      written += count
    }
  }

  /// Replaces the file at `path` by what `body` writes: all of it or, after an error, nothing.
  /// - Throws: `StorageError.cannotCreate`, `.writeFailed`, `.notDurable`, or what `body` throws.
  public static func replace(path: String, with body: (inout FileWriter) throws -> Void) throws {
    try replace(path: path, using: .system, with: body)
  }

  package static func replace(
    path: String, using operations: FileOperations, with body: (inout FileWriter) throws -> Void
  ) throws {
    var replacement = try AtomicFile(path: path, using: operations)
    try body(&replacement.writer)
    try replacement.finish()
  }

  /// Creates the file at `path`, which must not exist: all that `body` writes or, after an error,
  /// nothing.
  /// - Throws: `StorageError.alreadyExists`, before `body` is called, and what
  ///   `replace(path:with:)` throws.
  public static func create(path: String, with body: (inout FileWriter) throws -> Void) throws {
    guard access(path, F_OK) != 0 else { throw StorageError.alreadyExists(path: path) }
    removeLeftovers(of: path)
    try replace(path: path, with: body)
  }

  /// Renames the file at `path`, if there is one.
  /// - Returns: its new path.
  /// - Throws: `StorageError.cannotCreate`.
  public static func setAside(path: String) throws -> String? {
    guard access(path, F_OK) == 0 else { return nil }
    let previous = "\(path).previous"
    guard rename(path, previous) == 0 else {
      throw StorageError.cannotCreate(path: previous, reason: systemErrorText())
    }
    return previous
  }

  /// Removes the file at `path`, if there is one.
  public static func remove(path: String) {
    unlink(path)
  }

  /// Rejects a `path` that `replace(path:with:)` could not write, before any work is done for it.
  /// - Throws: `StorageError.cannotCreate`.
  public static func checkReplaceable(path: String) throws {
    func refuse(_ reason: String) -> StorageError { .cannotCreate(path: path, reason: reason) }
    guard !path.isEmpty else { throw refuse("the name is empty") }
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      // It could still be renamed over, but whoever made it read-only does not want that.
      case S_IFREG where status.st_mode & 0o222 == 0: throw refuse("it is read-only")
      case S_IFREG: break
      case S_IFDIR: throw refuse("it is a folder")
      // A rename would remove the device for everyone.
      default: throw refuse("it is a device or a pipe")
      }
    }
    guard access(folder(of: linkTarget(of: path)), W_OK | X_OK) == 0 else {
      throw refuse(systemErrorText())
    }
  }

  deinit {
    _ = close(descriptor)
  }
}

/// Makes a rename in the folder of `path` survive a loss of power.
func synchronizeFolder(of path: String, using operations: FileOperations) throws {
  let descriptor = operations.openFolder(folder(of: path))
  guard descriptor >= 0 else {
    throw StorageError.notDurable(path: path, reason: systemErrorText())
  }
  defer { close(descriptor) }
  guard operations.synchronize(descriptor) == 0 else {
    throw StorageError.notDurable(path: path, reason: systemErrorText())
  }
}

/// Creates a new file called `name` followed by a number.
/// - Throws: `StorageError.cannotCreate`, naming `path`, the file that the user asked for.
func createFile(
  named name: String, for path: String, mode: mode_t, using operations: FileOperations = .system
) throws -> (descriptor: CInt, name: String) {
  for attempt in 0... {
    let unique = "\(name)-\(getpid())-\(attempt)"
    let descriptor = operations.create(unique, mode)
    if descriptor >= 0 { return (descriptor, unique) }
    if errno != EEXIST { break }
  }
  throw StorageError.cannotCreate(path: path, reason: systemErrorText())
}
