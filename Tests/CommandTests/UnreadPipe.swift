import Foundation

/// The standard output of a command, not read until the test wants it: when it is full, the command
/// blocks, for as long as necessary.
final class UnreadPipe {
  let pipe = Pipe()
  /// The smallest capacity that Linux gives a pipe: a page.
  private let capacity: Int32

  /// The longest time that a test waits, in seconds; the wait is short except on a busy machine.
  static let patience = 180.0

  init() {
    // F_SETPIPE_SZ
    capacity = fcntl(pipe.fileHandleForWriting.fileDescriptor, 1_031, 4_096)
  }

  /// Waits until fewer than `byteCount` bytes fit.
  /// - Throws: `Charlm.Failure` if that does not happen.
  func waitUntilFull(butFor byteCount: Int32, _ process: Process) throws {
    try wait("the pipe did not fill", while: process.isRunning) {
      var held: Int32 = 0
      _ = ioctl(pipe.fileHandleForReading.fileDescriptor, UInt(FIONREAD), &held)
      return held > capacity - byteCount
    }
  }

  /// The next `count` lines as soon as they are printed, or the remaining ones if the command ends.
  /// No byte after them is read, so the command gets no further than the pipe's capacity.
  func read(lines count: Int) throws -> String {
    var bytes: [UInt8] = []
    var lineCount = 0
    while lineCount < count, let byte = try pipe.fileHandleForReading.read(upToCount: 1)?.first {
      bytes.append(byte)
      if byte == UInt8(ascii: "\n") { lineCount += 1 }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The remaining output of the command up to its end.
  func readToEnd() throws -> String {
    String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }
}

/// Waits until `condition` holds.
/// - Throws: `Charlm.Failure` on a timeout, or if `isPossible` no longer holds.
func wait(
  _ failure: String, while isPossible: @autoclosure () -> Bool, until condition: () throws -> Bool
) throws {
  let end = Date(timeIntervalSinceNow: UnreadPipe.patience)
  while try !condition() {
    guard isPossible(), Date() < end else { throw Charlm.Failure(failure) }
    Thread.sleep(forTimeInterval: 0.002)
  }
}

extension Process {
  /// Sends a signal and waits until the process has begun to handle it; another one of the same
  /// kind before that would be lost.
  func signalAndWait(_ signal: Int32) throws {
    kill(processIdentifier, signal)
    try CommandTests.wait("signal \(signal) was not handled", while: isRunning) {
      let status = try String(
        contentsOfFile: "/proc/\(processIdentifier)/status", encoding: .utf8)
      let masks = status.split(separator: "\n").filter {
        $0.hasPrefix("SigPnd:") || $0.hasPrefix("ShdPnd:")
      }.compactMap { UInt64($0.suffix(16), radix: 16) }
      return masks.count == 2 && masks.allSatisfy { $0 & 1 << UInt64(signal - 1) == 0 }
    }
  }
}
