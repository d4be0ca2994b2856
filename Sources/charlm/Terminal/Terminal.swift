import Glibc
import Storage

/// The terminal of standard error, to which messages and progress go.
enum Terminal {
  /// Whether standard error is a terminal on which a line can be overwritten.
  static let isInteractive = isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"

  /// Whether messages may be colored: on a terminal, and not against NO_COLOR (no-color.org).
  static let hasColor = isInteractive && allowsColor

  /// Whether colors that a user asked for may be shown: not against NO_COLOR.
  static let allowsColor = environment("NO_COLOR") == nil

  /// The current width of the terminal in columns.
  static var width: Int {
    var size = winsize()
    let status = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// The value of a variable that is set and not empty.
  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
