import Glibc
import Storage

/// The three streams that every process has, unless whoever started it closed one.
enum StandardStreams {
  /// Puts something in the place of what was closed, from which nothing can be read and to which nothing can be
  /// written. Else the next file that is opened, a log or a model, would be taken for it.
  static func occupyClosed() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest that is free.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}

/// Standard output: data, written at once.
enum StandardOutput {
  /// - Throws: `StorageError.outputFailed`.
  static func write(_ text: String) throws {
    guard writeAll(text, to: STDOUT_FILENO) else {
      throw StorageError.outputFailed(reason: String(cString: strerror(errno)))
    }
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}

/// Standard error: messages and progress; nobody is told where even they cannot be written.
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
      if count < 0, errno != EINTR { return false }
      written += max(0, count)
    }
    return true
  }
}
