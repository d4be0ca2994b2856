import Tokenization

/// Tables of plain text.
enum TextTable {
  /// Rows of a name and a text; the texts begin in the same column.
  ///
  /// Names and texts may come from files: what a terminal would obey is shown as code points.
  static func pairs(_ rows: [(String, String)]) -> String {
    let rows = rows.map { (harmless($0, keepingLineEnds: false), harmless($1)) }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, text in name.leftAligned(width + 2) + text + "\n" }.joined()
  }

  /// Rows of cells; the first column is left-aligned, all others are right-aligned.
  static func columns(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, cell in
        column == 0 ? cell.leftAligned(widths[0]) : cell.rightAligned(widths[column] + 2)
      }.joined() + "\n"
    }.joined()
  }
}

extension String {
  /// The text and spaces after it, `width` columns together.
  /// - Parameters:
  ///   - gap: the fewest spaces, even if the text is too long.
  ///   - columns: the columns that the text takes; by default its number of characters.
  func leftAligned(_ width: Int, gap: Int = 0, columns: Int? = nil) -> String {
    self + String(repeating: " ", count: max(gap, width - (columns ?? count)))
  }

  /// The text and spaces before it, `width` columns together.
  /// - Parameter gap: the fewest spaces, even if the text is too long.
  func rightAligned(_ width: Int, gap: Int = 0) -> String {
    String(repeating: " ", count: max(gap, width - count)) + self
  }
}
