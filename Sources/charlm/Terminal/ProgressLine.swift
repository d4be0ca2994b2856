/// One line that is written over on a terminal; elsewhere a line of its own now and then.
struct ProgressLine {
  private let isTerminal = Terminal.isInteractive
  private var lastSeconds = 0.0
  private var isShown = false

  /// Seconds between updates on a terminal, and elsewhere.
  private static let terminalInterval = 0.2
  private static let logInterval = 30.0

  /// Shows what `text` gives, if it is time to; the terminal cuts off what does not fit its line.
  /// - Parameter seconds: the time since the run began.
  mutating func update(seconds: Double, _ text: () -> String) {
    guard seconds - lastSeconds >= (isTerminal ? Self.terminalInterval : Self.logInterval) else {
      return
    }
    lastSeconds = seconds
    StandardError.write(isTerminal ? Self.withoutWrapping("\r\(text())\u{1B}[K") : text() + "\n")
    isShown = isTerminal
  }

  /// Makes room for other output.
  mutating func clear() {
    if isShown { StandardError.write("\r\u{1B}[K") }
    isShown = false
  }

  /// A line that went on in the next one could not be written over.
  private static func withoutWrapping(_ text: String) -> String {
    "\u{1B}[?7l\(text)\u{1B}[?7h"
  }
}
