#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension FileWriter {
  /// Puts what `body` writes in a new file at `path`: the whole of it, or, after an error, nothing. What stands
  /// there already stays.
  /// - Throws: `StorageError.alreadyExists`, `.cannotCreate`, `.writeFailed`, or what `body` throws.
  public static func create(path: String, with body: (inout FileWriter) throws -> Void) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      if errno == EEXIST { throw StorageError.alreadyExists(path: path) }
      throw StorageError.cannotCreate(path: path, reason: systemErrorText())
    }
    var writer = FileWriter(path: path, descriptor: descriptor)
    do {
      try body(&writer)
      guard fsync(descriptor) == 0 else {
        throw StorageError.writeFailed(path: path, reason: systemErrorText())
      }
    } catch {
      unlink(path)
      throw error
    }
  }
}
