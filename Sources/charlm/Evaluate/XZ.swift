import Glibc
import Storage
import Tokenization

/// The compressor `xz`, run as a program if it is installed.
enum XZ {
  /// The program with its option.
  static let name = "xz -9e"
  private static let arguments = ["xz", "-9e", "--stdout", "--quiet"]

  /// The compressed size of the texts as given, concatenated.
  /// - Returns: nil if there is no such program or it fails.
  /// - Throws: `StorageError`, also if there is no folder for temporary files.
  static func compressedByteCount(of texts: [TextSource]) throws -> Int? {
    var pipeEnds: [Int32] = [-1, -1]
    let output = try TemporaryFile()
    guard pipe(&pipeEnds) == 0 else { return nil }
    // If the program inherited the write end of its own input, it would wait forever for more.
    for descriptor in pipeEnds { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    // The program may end before it has read everything.
    let previousHandler = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, previousHandler) }
    let process = spawn(input: pipeEnds[0], output: output.descriptor)
    close(pipeEnds[0])
    do {
      defer { close(pipeEnds[1]) }
      if process != nil {
        for text in texts { try text.forEachPiece { write($0, to: pipeEnds[1]) } }
      }
    }
    guard let process, hasSucceeded(process) else { return nil }
    return Int(lseek(output.descriptor, 0, SEEK_END))
  }

  private static func spawn(input: Int32, output: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    var words = arguments.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var process = pid_t()
    return posix_spawnp(&process, arguments[0], &actions, nil, &words, environ) == 0
      ? process : nil
  }

  /// Writes until all is written or the reader is gone.
  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
    var written = 0
    while written < bytes.count {
      let count = systemWrite(
        descriptor, bytes.baseAddress! + written, bytes.count - written)
      if count < 0, errno != EINTR { return }
      written += max(0, count)
    }
  }

  private static func hasSucceeded(_ process: pid_t) -> Bool {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { if errno != EINTR { return false } }
    return status == 0
  }
}

// Inside the type, its own function hides the system's.
private func systemWrite(
  _ descriptor: Int32, _ address: UnsafeRawPointer, _ byteCount: Int
) -> Int {
  write(descriptor, address, byteCount)
}
