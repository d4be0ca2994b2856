import Tokenization

/// Reads a person's lines at the terminal, edited on its last row.
final class LineReader {
  private var decoder = KeyDecoder()
  private var editor = LineEditor()
  /// Keys that were typed ahead.
  private var waiting: ArraySlice<Key> = []
  /// The two columns before the line, and before the rest of a truncated one.
  static let mark = "> "
  private static let cutMark = "… "

  private static let clearRow = "\r\u{1B}[K"
  private static let clearScreen = "\u{1B}[H\u{1B}[2J"

  /// The next line, which is removed from the screen; nil at the end of the input.
  /// - Throws: `StorageError.writeFailed`.
  func next() throws -> String? {
    while true {
      while let key = takeKey() {
        guard let event = editor.apply(key) else { continue }
        switch event {
        case .entered(let line):
          try StandardOutput.write(Self.clearRow)
          return line
        case .ended: return nil
        case .canceled: try StandardOutput.write("^C\n")
        case .suspended:
          try StandardOutput.write("\n")
          RawTerminal.suspend()
        case .screenCleared: try StandardOutput.write(Self.clearScreen)
        }
      }
      try draw()
      switch RawTerminal.read() {
      case .bytes(let bytes): waiting += decoder.append(bytes)
      case .disturbed: break
      case .closed: return nil
      }
    }
  }

  /// Takes the next key that was typed ahead. Characters that wait in a row become one text: a line
  /// that changed with each of them would make long texts slow.
  private func takeKey() -> Key? {
    var text = String.UnicodeScalarView()
    while case .character(let scalar)? = waiting.first {
      text.append(scalar)
      waiting.removeFirst()
    }
    return text.isEmpty ? waiting.popFirst() : .paste(String(text))
  }

  /// Checks the keys pressed meanwhile; all except Ctrl-C and Ctrl-Z are kept for the next line.
  /// - Throws: `WritingSession.Stop` after Ctrl-C.
  func checkForStop() throws {
    for key in decoder.append(RawTerminal.readWaiting()) {
      switch key {
      case .interrupt:
        waiting.removeAll()
        throw WritingSession.Stop()
      case .suspend: RawTerminal.suspend()
      default: waiting.append(key)
      }
    }
  }

  private func draw() throws {
    let markWidth = DisplayWidth.columns(of: Self.mark)
    let view = LineView(editor, columns: RawTerminal.width - markWidth)
    let column = markWidth + view.cursorColumn
    try StandardOutput.write(
      Self.clearRow + (view.isCut ? Self.cutMark : Self.mark) + view.text
        + "\r\u{1B}[\(column)C")
  }
}
