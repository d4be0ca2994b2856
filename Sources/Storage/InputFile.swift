import Glibc

/// Reads a file from beginning to end, one buffer at a time, in constant memory.
///
/// Pipes and `/dev/stdin` are read like files. The descriptor closes with the value.
public struct InputFile: ~Copyable {
  /// The name that messages use.
  public let path: String
  let descriptor: CInt

  /// Opens `path` for reading.
  /// - Throws: `StorageError.notFound`, `.isDirectory` or `.cannotOpen`.
  public init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? StorageError.notFound(path: path)
        : StorageError.cannotOpen(path: path, reason: systemErrorText())
    }
    guard try !isDirectory(descriptor: descriptor, path: path) else {
      throw StorageError.isDirectory(path: path)
    }
  }

  /// Reads standard input from its current position; messages call it `name`.
  /// - Throws: `StorageError.cannotOpen`.
  public init(standardInputNamed name: String) throws {
    path = name
    descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
    guard descriptor >= 0 else {
      throw StorageError.cannotOpen(path: name, reason: systemErrorText())
    }
  }

  /// Whether the file can be read again from its beginning: it is a regular file, not a pipe.
  public var isRegularFile: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Whether the bytes come only once, from another process.
  var isPipe: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0
      && [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
  }

  /// Reads until `buffer` is full or the file ends.
  /// - Returns: the number of bytes read; fewer than `buffer.count` only at the end of the file.
  /// - Throws: `StorageError.readFailed`.
  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = systemRead(
        descriptor, buffer.baseAddress! + filled, buffer.count - filled)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw StorageError.readFailed(path: path, reason: systemErrorText())
      }
      filled += count
    }
    return filled
  }

  deinit {
    if descriptor >= 0 { _ = close(descriptor) }
  }
}

private func systemRead(
  _ descriptor: CInt, _ address: UnsafeMutableRawPointer, _ byteCount: Int
) -> Int {
  read(descriptor, address, byteCount)
}

/// Whether an open descriptor belongs to a folder.
func isDirectory(descriptor: CInt, path: String) throws -> Bool {
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    throw StorageError.cannotOpen(path: path, reason: systemErrorText())
  }
  return status.st_mode & S_IFMT == S_IFDIR
}
