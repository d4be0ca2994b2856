#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One line that is written over on a terminal; elsewhere a line of its own now and then.
struct ProgressLine {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var lastSeconds = 0.0
  private var isShown = false

  /// Seconds between updates on a terminal, and elsewhere.
  private static let terminalInterval = 0.2
  private static let logInterval = 30.0

  /// Shows what `text` gives, if it is time to.
  /// - Parameter seconds: the time since the run began.
  mutating func update(seconds: Double, _ text: () -> String) {
    guard seconds - lastSeconds >= (isTerminal ? Self.terminalInterval : Self.logInterval) else {
      return
    }
    lastSeconds = seconds
    StandardError.write(isTerminal ? "\r\(text())\u{1B}[K" : text() + "\n")
    isShown = isTerminal
  }

  /// Makes room for other output.
  mutating func clear() {
    if isShown { StandardError.write("\r\u{1B}[K") }
    isShown = false
  }
}
