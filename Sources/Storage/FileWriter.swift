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

  /// Writes all of `bytes`.
  /// - Throws: `StorageError.writeFailed`.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    var written = 0
    while written < bytes.count {
      let count = systemWrite(descriptor, bytes.baseAddress! + written, bytes.count - written)
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
    try checkReplaceable(path: path)
    let (descriptor, beside) = try createFile(named: "\(path).new", for: path, mode: 0o666)
    var writer = FileWriter(path: path, descriptor: descriptor)
    do {
      try body(&writer)
      guard fsync(descriptor) == 0, rename(beside, path) == 0 else {
        throw StorageError.writeFailed(path: path, reason: systemErrorText())
      }
    } catch {
      unlink(beside)
      throw error
    }
    try synchronizeFolder(of: path)
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

private func systemWrite(
  _ descriptor: CInt, _ address: UnsafeRawPointer, _ byteCount: Int
) -> Int {
  write(descriptor, address, byteCount)
}

/// Makes a rename in the folder of `path` survive a loss of power.
private func synchronizeFolder(of path: String) throws {
  let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw StorageError.notDurable(path: path, reason: systemErrorText())
  }
  defer { close(descriptor) }
  guard fsync(descriptor) == 0 else {
    throw StorageError.notDurable(path: path, reason: systemErrorText())
  }
}

/// Creates a file that nobody else has, called `name` with a number behind it.
/// - Throws: `StorageError.cannotCreate`, naming `path`, the file the user asked for.
func createFile(
  named name: String, for path: String, mode: mode_t
) throws -> (descriptor: CInt, name: String) {
  for attempt in 0... {
    let unique = "\(name)-\(getpid())-\(attempt)"
    let descriptor = open(unique, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
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
