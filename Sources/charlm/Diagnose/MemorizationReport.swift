import Evaluation
import Reporting
import Tokenization

/// Prints how much of one or two texts stands in a corpus.
struct MemorizationReport {
  /// The text in question, then the one to compare it with, if any.
  let columns: [MemorizationColumn]
  let unit: TokenUnit

  private static let lengthsShown = [4, 6, 8, 12, 16, 24, 32]
  /// The most characters of a copy that the table shows.
  private static let shownLength = 160

  /// - Parameter seed: of the generated text; nil where none was generated.
  func print(seed: UInt64?, asJSON: Bool) throws {
    if asJSON {
      try JSONLine([
        ("unit", unit.rawValue), ("seed", seed), ("corpus_tokens", columns[0].corpusTokens),
        ("texts", columns.map(\.figures)),
      ]).print()
    } else {
      try StandardOutput.write(heading + table + columns.map(copies).joined() + reading)
    }
  }

  private var unitName: String { unit == .byte ? "bytes" : "characters" }

  private var heading: String {
    let texts = columns.map { column in
      let unknown =
        column.unknownCharacters == 0
        ? "" : " (\(column.unknownCharacters.grouped) unknown ones left out)"
      return "\(column.overlap.tokens.grouped) \(unitName) of \(column.name)\(unknown)"
    }
    return texts.joined(separator: " and ")
      + ", held against a corpus of \(columns[0].corpusTokens.grouped).\n\n"
  }

  private var table: String {
    let head = ["length"] + columns.map(\.label)
    let rows = Self.lengthsShown.map { length in
      ["\(length)"]
        + columns.map { column in
          column.overlap.novelShare(ofLength: length).map { (100 * $0).fixed(2) + " %" } ?? "-"
        }
    }
    return "Share of n-grams, stretches of so many \(unitName), that stand nowhere in the corpus:\n"
      + ([head] + rows).map(line).joined() + "\n"
  }

  private func line(_ cells: [String]) -> String {
    cells.enumerated().map { aligned($1, $0 == 0 ? 6 : 11) }.joined() + "\n"
  }

  private func copies(of column: MemorizationColumn) -> String {
    guard !column.copies.isEmpty else {
      return "Nothing of \(column.name) stands in the corpus.\n\n"
    }
    let lines = column.copies.map { copy in
      let place =
        copy.line.map { "line \($0.grouped)" } ?? "after \(copy.corpusOffset.grouped) \(unitName)"
      return "\(aligned("\(copy.length)", 6))  '\(copy.corpusName)', \(place): \(shown(copy))\n"
    }
    return "Longest stretches of \(column.name) that the corpus has, in \(unitName):\n"
      + lines.joined() + "\n"
  }

  private var reading: String {
    columns.count > 1
      ? "How to read it: shares far below '\(columns[1].label)', or much longer stretches, are copied.\n"
      : "How to read it: --compare FILE, a text that the model never saw, shows what is usual.\n"
  }

  /// A copy on one line.
  private func shown(_ copy: CopiedStretch) -> String {
    let scalars = copy.text.unicodeScalars
    let text = scalars.prefix(Self.shownLength).map(shown).joined()
    return "\"\(text)\"" + (scalars.count > Self.shownLength ? "..." : "")
  }

  private func shown(_ scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: String(scalar)
    default: scalar == " " ? " " : scalar == "\n" ? "\\n" : visible(String(scalar))
    }
  }
}

private func aligned(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
