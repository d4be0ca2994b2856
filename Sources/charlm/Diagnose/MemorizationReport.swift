import Evaluation
import Tokenization

/// Prints how much of one or two texts occurs in a corpus.
struct MemorizationReport {
  /// The text to examine, then the one to compare it with, if any.
  let columns: [MemorizationColumn]
  let unit: TokenUnit

  private static let lengthsShown = [4, 6, 8, 12, 16, 24, 32]
  /// The most characters of a copy that the report shows.
  private static let shownLength = 160

  /// - Parameter seed: the seed of the generated text; nil if none was generated.
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
        ? "" : " (without \(column.unknownCharacters.grouped) unknown ones)"
      return "\(column.overlap.tokens.grouped) \(unitName) of \(column.name)\(unknown)"
    }
    return texts.joined(separator: " and ")
      + ", compared with a corpus of \(columns[0].corpusTokens.grouped).\n\n"
  }

  private var table: String {
    let head = ["length"] + columns.map(\.label)
    let rows = Self.lengthsShown.map { length in
      ["\(length)"]
        + columns.map { column in
          column.overlap.novelShare(ofLength: length).map { (100 * $0).fixed(2) + " %" } ?? "-"
        }
    }
    return "Share of n-grams (sequences of n \(unitName)) that do not occur in the corpus:\n"
      + ([head] + rows).map(line).joined() + "\n"
  }

  private func line(_ cells: [String]) -> String {
    cells.enumerated().map { $1.rightAligned($0 == 0 ? 6 : 11) }.joined() + "\n"
  }

  private func copies(of column: MemorizationColumn) -> String {
    guard !column.copies.isEmpty else {
      return "Nothing of \(column.name) occurs in the corpus.\n\n"
    }
    let lines = column.copies.map { copy in
      let position =
        copy.line.map { "line \($0.grouped)" } ?? "after \(copy.corpusOffset.grouped) \(unitName)"
      return
        "\("\(copy.length)".rightAligned(6))  '\(copy.corpusName)', \(position): \(shown(copy))\n"
    }
    return "Longest sequences of \(column.name) that occur in the corpus, in \(unitName):\n"
      + lines.joined() + "\n"
  }

  private var reading: String {
    columns.count > 1
      ? "How to read it: shares far below '\(columns[1].label)', or much longer sequences, "
        + "indicate copying.\n"
      : "How to read it: give a text that the model never saw with --compare FILE to see what is "
        + "usual.\n"
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
