/// Progress in one line that is overwritten on a terminal; elsewhere an occasional line.
struct ProgressLine {
  private let isTerminal = Terminal.isInteractive
  private var lastSeconds = 0.0
  private var isShown = false

  /// Seconds between updates on a terminal and elsewhere.
  private static let terminalInterval = 0.2
  private static let logInterval = 30.0

  /// Shows `text` if an update is due; the terminal truncates what does not fit on the line.
  /// - Parameter seconds: the time since the run began.
  mutating func update(seconds: Double, _ text: () -> String) {
    guard seconds - lastSeconds >= (isTerminal ? Self.terminalInterval : Self.logInterval) else {
      return
    }
    lastSeconds = seconds
    StandardError.write(isTerminal ? Self.withoutWrapping("\r\(text())\u{1B}[K") : text() + "\n")
    isShown = isTerminal
  }

  /// Clears the line before other output.
  mutating func clear() {
    if isShown { StandardError.write("\r\u{1B}[K") }
    isShown = false
  }

  /// A line that wraps could not be overwritten.
  private static func withoutWrapping(_ text: String) -> String {
    "\u{1B}[?7l\(text)\u{1B}[?7h"
  }
}
