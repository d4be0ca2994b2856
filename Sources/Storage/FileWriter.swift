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
  ///
  /// The new file has the permissions of the one that it replaces.
  /// - Parameter permissions: those of a file that replaces none; by default the umask's.
  /// - Throws: `StorageError.cannotCreate`, `.writeFailed`, `.notDurable`, or what `body` throws.
  public static func replace(
    path: String, permissions: FilePermissions? = nil,
    with body: (inout FileWriter) throws -> Void
  ) throws {
    try replace(path: path, permissions: permissions, using: .system, with: body)
  }

  package static func replace(
    path: String, permissions: FilePermissions? = nil, using operations: FileOperations,
    with body: (inout FileWriter) throws -> Void
  ) throws {
    var replacement = try AtomicFile(path: path, permissions: permissions, using: operations)
    try body(&replacement.writer)
    try replacement.finish()
  }

  /// Replaces the file at `path` by `text`, in UTF-8.
  /// - Throws: `StorageError.cannotCreate`, `.writeFailed` or `.notDurable`.
  public static func replace(path: String, with text: String) throws {
    var text = text
    try replace(path: path) { file in
      try text.withUTF8 { try file.write(UnsafeRawBufferPointer($0)) }
    }
  }

  /// Removes the file at `path`, if there is one.
  public static func remove(path: String) {
    unlink(path)
  }

  /// Rejects a `path` that `replace(path:with:)` could not write, before any work is done for it.
  /// - Throws: `StorageError.cannotCreate` or `.notReplaceable`.
  public static func checkReplaceable(path: String) throws {
    try checkTarget(path: path)
    // Some file systems refuse what `access` allows.
    let (descriptor, name) = try createFile(
      named: temporaryPrefix(of: linkTarget(of: path)), for: path, mode: 0o600)
    unlink(name)
    close(descriptor)
  }

  /// Rejects a `path` that cannot be replaced, by what is there.
  /// - Throws: `StorageError.cannotCreate` or `.notReplaceable`.
  static func checkTarget(path: String) throws {
    func refuse(_ reason: String) -> StorageError { .cannotCreate(path: path, reason: reason) }
    try checkName(path)
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      // It could still be renamed over, but whoever made it read-only does not want that.
      case S_IFREG where status.st_mode & 0o222 == 0:
        throw StorageError.notReplaceable(path: path, obstacle: .readOnly)
      case S_IFREG: break
      case S_IFDIR: throw StorageError.notReplaceable(path: path, obstacle: .folder)
      // A rename would remove the device for everyone.
      default: throw StorageError.notReplaceable(path: path, obstacle: .device)
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

/// Rejects a path that cannot name a file, or that leads to a file whose name cannot be written.
/// - Throws: `StorageError.cannotCreate`.
func checkName(_ path: String) throws {
  func refuse(_ reason: String) -> StorageError { .cannotCreate(path: path, reason: reason) }
  guard !path.isEmpty else { throw refuse("the name is empty") }
  // C would end the name there.
  guard !path.utf8.contains(0) else { throw refuse("the name contains a zero byte") }
  guard let target = linkTargetIfUTF8(of: path) else {
    throw refuse("it is a link to a name that is not UTF-8")
  }
  guard lastComponent(of: target).utf8.count <= Int(NAME_MAX) else {
    throw refuse("its name is longer than \(NAME_MAX) bytes")
  }
}

/// Creates a new file called `name` followed by a number.
/// - Throws: `StorageError.cannotCreate`, naming `path`, the file that the user asked for.
func createFile(
  named name: String, for path: String, mode: mode_t, using operations: FileOperations = .system
) throws -> (descriptor: CInt, name: String) {
  for attempt in 0..<mostAttempts {
    let unique = "\(name)-\(getpid())-\(attempt)"
    let descriptor = operations.create(unique, mode)
    if descriptor >= 0 { return (descriptor, unique) }
    if errno != EEXIST { break }
  }
  throw StorageError.cannotCreate(path: path, reason: systemErrorText())
}

/// More files of one name than a process creates at a time.
private let mostAttempts = 10_000
