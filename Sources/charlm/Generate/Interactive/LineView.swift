import Tokenization

/// The visible part of a line that is edited.
///
/// It is one row, however long the line is, because a terminal's own wrapping cannot be undone
/// reliably.
package struct LineView: Equatable, Sendable {
  /// The visible part, with control characters as their pictures.
  package let text: String
  /// The number of columns before the cursor.
  package let cursorColumn: Int
  /// Whether the beginning of the line is hidden.
  package let isCut: Bool

  /// - Parameter columns: room for the text and the cursor after it.
  package init(_ editor: LineEditor, columns: Int) {
    let shown = editor.clusters.map(Self.picture)
    let widths = shown.map { DisplayWidth.columns(ofCluster: $0) }
    let room = max(1, columns - 1)
    var start = editor.cursor
    var column = 0
    while start > 0, column + widths[start - 1] <= room {
      start -= 1
      column += widths[start]
    }
    var (end, total) = (editor.cursor, column)
    while end < shown.count, total + widths[end] <= room {
      total += widths[end]
      end += 1
    }
    text = shown[start..<end].joined()
    cursorColumn = column
    isCut = start > 0
  }

  /// A cluster as shown: U+2400 and the following are pictures of the control characters.
  package static func picture(_ cluster: String) -> String {
    guard let scalar = cluster.unicodeScalars.first else { return "" }
    if scalar.value < 0x20 { return String(Unicode.Scalar(0x2400 + scalar.value)!) }
    if scalar.value == 0x7F { return "\u{2421}" }
    return scalar.properties.generalCategory == .control ? "\u{FFFD}" : cluster
  }
}
