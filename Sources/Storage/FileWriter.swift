#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Bytes on their way into a file that only its creator sees: one beside the final path, or a nameless
/// one.
///
/// `replace(path:with:)` is how every file of this package that must survive is written: beside its final
/// path, synced, renamed over it, and the folder synced. A reader sees the old file or the whole new
/// one.
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

  /// Puts what `body` writes at `path`: the whole of it, or, after an error, nothing.
  /// - Throws: `StorageError.cannotCreate`, `.writeFailed`, `.notDurable`, or what `body` throws.
  public static func replace(path: String, with body: (inout FileWriter) throws -> Void) throws {
    try replace(path: path, using: .system, with: body)
  }

  package static func replace(
    path: String, using operations: FileOperations, with body: (inout FileWriter) throws -> Void
  ) throws {
    var replacement = try FileReplacement(path: path, using: operations)
    try body(&replacement.writer)
    try replacement.finish()
  }

  /// Puts what `body` writes at `path`, where nothing must stand: the whole of it, or, after an error, nothing.
  /// - Throws: `StorageError.alreadyExists`, before `body` is called, and what `replace(path:with:)` throws.
  public static func create(path: String, with body: (inout FileWriter) throws -> Void) throws {
    guard access(path, F_OK) != 0 else { throw StorageError.alreadyExists(path: path) }
    try replace(path: path, with: body)
  }

  /// Renames what stands at `path`, if anything does.
  /// - Returns: where it is now.
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

  /// What stands between the name of a file and the number of one that is to replace it.
  static let besideSuffix = ".new"

  /// Removes what processes left beside `path` that died while they replaced it.
  public static func removeLeftovers(of path: String) {
    let folder = folder(of: path)
    let prefix = path.split(separator: "/").last.map { "\($0)\(besideSuffix)-" } ?? ""
    guard let stream = opendir(folder) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      guard name.utf8.starts(with: prefix.utf8) else { continue }
      let rest = name.utf8.dropFirst(prefix.utf8.count)
      guard rest.allSatisfy({ (48...57).contains($0) || $0 == 45 }) else { continue }  // digits, -
      let leftover = "\(folder)/\(name)"
      let descriptor = open(leftover, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(leftover) }
      close(descriptor)
    }
  }

  /// Refuses a `path` that `replace(path:with:)` could not write, before any work is done for it.
  /// - Throws: `StorageError.cannotCreate`.
  public static func checkReplaceable(path: String) throws {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw StorageError.cannotCreate(path: path, reason: "it is a folder")
    }
    guard access(folder(of: path), W_OK | X_OK) == 0 else {
      throw StorageError.cannotCreate(path: path, reason: systemErrorText())
    }
  }

  deinit {
    _ = close(descriptor)
  }
}

/// The folder that holds `path`, in a form that `open` takes.
func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
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

/// Creates a file that nobody else has, called `name` with a number behind it.
/// - Throws: `StorageError.cannotCreate`, naming `path`, the file the user asked for.
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

/// Whether both paths lead to one and the same file.
public func isSameFile(_ path: String, _ otherPath: String) -> Bool {
  var (status, otherStatus) = (stat(), stat())
  return stat(path, &status) == 0 && stat(otherPath, &otherStatus) == 0
    && status.st_dev == otherStatus.st_dev && status.st_ino == otherStatus.st_ino
}
