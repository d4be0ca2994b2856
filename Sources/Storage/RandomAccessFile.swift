import Glibc

/// Reads pieces of a file at any offset. Unlike a mapped file it takes no memory, in however many
/// places it is read.
///
/// The file must not be shortened meanwhile.
public final class RandomAccessFile: Sendable {
  /// The name that messages use.
  public let path: String
  private let descriptor: CInt

  /// Reads an open file; the descriptor may be closed afterwards.
  /// - Throws: `StorageError.cannotOpen`.
  init(descriptor: CInt, path: String) throws {
    self.descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    self.path = path
    guard self.descriptor >= 0 else {
      throw StorageError.cannotOpen(path: path, reason: systemErrorText())
    }
  }

  /// Fills `destination` with the bytes that begin at `offset`.
  /// - Precondition: the file has these bytes and the disk returns them; as with a mapped file,
  ///   there is no way to continue without them.
  public func read(from offset: Int, into destination: UnsafeMutableRawBufferPointer) {
    var done = 0
    while done < destination.count {
      let count = pread(
        descriptor, destination.baseAddress! + done, destination.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      let reason = count < 0 ? systemErrorText() : "it ends too early"
      precondition(count > 0, "The tokens beside '\(path)' cannot be read: \(reason).")
      done += count
    }
  }

  deinit { close(descriptor) }
}
