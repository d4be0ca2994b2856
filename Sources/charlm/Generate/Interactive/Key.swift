/// What a person does at the keyboard while a line is edited.
package enum Key: Equatable, Sendable {
  case character(Unicode.Scalar)
  /// Text that came at once, between the marks of a terminal's bracketed paste.
  case paste(String)
  case enter
  case left, right, up, down, home, end, wordLeft, wordRight
  case backspace, delete, deleteWordLeft, deleteWordRight, deleteToStart, deleteToEnd
  /// Ctrl-C
  case interrupt
  /// Ctrl-D
  case endOfInput
  /// Ctrl-Z
  case suspend
  /// Ctrl-L
  case clearScreen
}
