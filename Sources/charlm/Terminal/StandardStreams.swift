import Glibc
import Storage
import Tokenization

/// The three standard streams; a parent process may have closed some of them.
enum StandardStreams {
  /// Opens /dev/null for each closed stream, in the mode that makes every use of it fail.
  ///
  /// Otherwise the next file that is opened, a log or a model, would get the stream's descriptor.
  static func occupyClosed() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // Opens the lowest free descriptor, which is this one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}

/// Standard output: data, written immediately.
enum StandardOutput {
  /// - Throws: `StorageError.outputFailed`.
  static func write(_ text: String) throws {
    guard writeAll(text, to: STDOUT_FILENO) else {
      throw StorageError.outputFailed(reason: String(cString: strerror(errno)))
    }
  }

  /// Writes a text with arbitrary contents. On a terminal, what the terminal would obey is shown by
  /// its code point; a pipe, such as `| cat`, gets the text as it is.
  /// - Throws: `StorageError.outputFailed`.
  static func writeText(_ text: String) throws {
    try write(isTerminal ? harmless(text) : text)
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether what is written goes to a file, whose bytes should be exactly the data.
  static var isFile: Bool {
    var status = stat()
    return fstat(STDOUT_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}

/// Standard error: messages and progress. Failures to write are ignored.
enum StandardError {
  static func write(_ text: String) {
    _ = writeAll(text, to: STDERR_FILENO)
  }
}

private func writeAll(_ text: String, to descriptor: Int32) -> Bool {
  var text = text
  return text.withUTF8 { bytes in
    var written = 0
    while written < bytes.count {
      let count = write(descriptor, bytes.baseAddress! + written, bytes.count - written)
      if count < 0, !isTemporary(errno, descriptor) { return false }
      written += max(0, count)
    }
    return true
  }
}

/// Whether a write that failed may be repeated; waits until a stream that does not block, as some
/// parent processes make them, has room again.
private func isTemporary(_ errorNumber: Int32, _ descriptor: Int32) -> Bool {
  guard errorNumber == EAGAIN || errorNumber == EWOULDBLOCK else { return errorNumber == EINTR }
  var stream = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
  return poll(&stream, 1, -1) >= 0 || errno == EINTR
}
