import Glibc
import Storage

/// What standard error leads to, where messages and progress go.
enum Terminal {
  /// Whether a line can be written over there.
  static let isInteractive = isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"

  /// Colors only where they can be seen, and are wanted (no-color.org).
  static let hasColor = isInteractive && allowsColor

  /// Whether colors that were asked for may be shown: not against NO_COLOR.
  static let allowsColor = environment("NO_COLOR") == nil

  /// The columns of a line, as they are now.
  static var width: Int {
    var size = winsize()
    let status = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// A variable that is set and not empty.
  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
