import Foundation

/// The standard output of a command that nobody reads before the test wants it: where it is full, the command waits,
/// for ever if need be, whatever it was about to do next.
final class UnreadPipe {
  let pipe = Pipe()
  /// The least that Linux gives a pipe: a page.
  private let capacity: Int32

  /// The longest that a test waits, in seconds; it is done at once, but on a busy machine.
  static let patience = 180.0

  init() {
    // F_SETPIPE_SZ
    capacity = fcntl(pipe.fileHandleForWriting.fileDescriptor, 1_031, 4_096)
  }

  /// Waits until less than `byteCount` more find room.
  /// - Throws: `Charlm.Failure` where that does not come.
  func waitUntilFull(butFor byteCount: Int32, _ process: Process) throws {
    try wait("the pipe did not fill", while: process.isRunning) {
      var held: Int32 = 0
      _ = ioctl(pipe.fileHandleForReading.fileDescriptor, UInt(FIONREAD), &held)
      return held > capacity - byteCount
    }
  }

  /// The next lines, as soon as there are so many, or all that are left where the command prints no more. No byte
  /// behind them is read, so that the command comes no further than the pipe holds.
  func read(lines count: Int) throws -> String {
    var bytes: [UInt8] = []
    var lineCount = 0
    while lineCount < count, let byte = try pipe.fileHandleForReading.read(upToCount: 1)?.first {
      bytes.append(byte)
      if byte == UInt8(ascii: "\n") { lineCount += 1 }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// All else that the command prints up to its end.
  func readToEnd() throws -> String {
    String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }
}

/// Waits until `condition` holds.
/// - Throws: `Charlm.Failure` where it does not come to that, or `isPossible` no more.
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
  /// Sends a signal, and waits until the process has begun to handle it: one of the same kind that came before
  /// that would be lost.
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
