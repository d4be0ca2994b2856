import Testing
import charlm

@Suite struct LineEditorTests {
  private var editor = LineEditor()

  /// Types `keys`, one for each character; `steps` are the other keys.
  private mutating func type(_ text: String, _ steps: Key...) {
    for scalar in text.unicodeScalars { _ = editor.apply(.character(scalar)) }
    for step in steps { _ = editor.apply(step) }
  }

  /// The line with a bar for the cursor.
  private var line: String {
    editor.clusters[..<editor.cursor].joined() + "|" + editor.clusters[editor.cursor...].joined()
  }

  @Test mutating func keysMoveAndDelete() {
    type("abd", .left)
    type("c")
    #expect(line == "abc|d")
    type("", .home, .delete)
    #expect(line == "|bcd")
    type("", .left, .backspace, .right, .backspace)
    #expect(line == "|cd")
    type("", .end, .right, .delete, .backspace)
    #expect(line == "c|")
    type("", .home, .endOfInput)
    #expect(line == "|")
  }

  @Test mutating func wordsAreJumpedOverAndDeleted() {
    type("the größe, of 12", .wordLeft, .wordLeft)
    #expect(line == "the größe, |of 12")
    type("", .wordLeft, .wordRight)
    #expect(line == "the größe|, of 12")
    type("", .deleteWordLeft)
    #expect(line == "the |, of 12")
    type("", .deleteWordRight)
    #expect(line == "the | 12")
    type("", .deleteToStart)
    #expect(line == "| 12")
    type("", .right, .deleteToEnd)
    #expect(line == " |")
    type("", .wordLeft, .wordLeft, .wordRight, .wordRight, .deleteWordRight)
    #expect(line == " |")
  }

  /// An accent belongs to its letter, and parts of an emoji to each other, in whatever order they
  /// were typed.
  @Test mutating func theCursorNeverStandsInACluster() {
    type("e\u{301}👩\u{200D}🚀🇩🇪")
    #expect(editor.clusters.count == 3 && editor.cursor == 3)
    type("", .backspace, .left)
    #expect(line == "e\u{301}|👩\u{200D}🚀")
    type("", .left, .delete)
    #expect(line == "|👩\u{200D}🚀")
    type("xo", .left)
    type("", .right)
    type("\u{308}")
    #expect(line == "xo\u{308}|👩\u{200D}🚀")
    // An accent that loses its letter joins the one before it.
    type("", .deleteToEnd, .home, .right)
    type("-\u{301}")
    #expect(editor.clusters.map(\.unicodeScalars.count) == [1, 2, 2])
    // The cursor is after the cluster that a paste forms with the text after it.
    type("", .deleteToStart, .deleteToEnd)
    _ = editor.apply(.paste("\u{301}b"))
    type("", .home)
    type("a")
    #expect(editor.clusters.map(\.unicodeScalars.count) == [2, 1] && editor.cursor == 1)
  }

  @Test mutating func linesComeBack() {
    #expect(editor.apply(.enter) == .entered(""))
    for text in ["one", "two", "two"] {
      type(text)
      #expect(editor.apply(.enter) == .entered(text))
    }
    type("draft", .up)
    #expect(line == "two|")
    type("", .up, .up)
    #expect(line == "one|")
    type("!", .down, .down)
    #expect(line == "draft|")
    type("", .down, .up, .up)
    #expect(editor.apply(.enter) == .entered("one"))
    type("", .up)
    #expect(line == "one|")
    #expect(editor.apply(.interrupt) == .canceled)
    #expect(line == "|")
    type("", .up)
    #expect(line == "one|")
  }

  @Test mutating func keysThatAreForOthersAreHandedOn() {
    #expect(editor.apply(.endOfInput) == .ended)
    #expect(editor.apply(.suspend) == .suspended)
    #expect(editor.apply(.clearScreen) == .screenCleared)
    type("a")
    #expect(editor.apply(.endOfInput) == nil)
    #expect(editor.apply(.interrupt) == .canceled)
  }

  // MARK: Views

  @Test mutating func oneRowShowsTheLineAroundTheCursor() {
    type("abcdefgh")
    #expect(LineView(editor, columns: 9).text == "abcdefgh")
    let view = LineView(editor, columns: 5)
    #expect(view.text == "efgh" && view.cursorColumn == 4 && view.isCut)
    type("", .home)
    let start = LineView(editor, columns: 5)
    #expect(start.text == "abcd" && start.cursorColumn == 0 && !start.isCut)
    // No terminal is too narrow for one row.
    #expect(LineView(editor, columns: -3).text == "a")
  }

  @Test mutating func wideCharactersTakeTwoColumns() {
    type("漢字é\u{301}🇩🇪\n\t")
    let view = LineView(editor, columns: 40)
    #expect(
      view.text == "漢字é\u{301}🇩🇪\u{240A}\u{2409}" && view.cursorColumn == 2 + 2 + 1 + 2 + 1 + 1)
    type("", .home, .right)
    #expect(LineView(editor, columns: 40).cursorColumn == 2)
    // Half of a wide character is not shown.
    #expect(LineView(editor, columns: 4).text == "漢")
    #expect(LineView(editor, columns: 5).text == "漢字")
  }
}
