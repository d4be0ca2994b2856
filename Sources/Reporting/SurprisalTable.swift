import Evaluation
import Glibc
import Storage
import Tokenization

/// The cost of every character of the evaluated texts, a line each, as tab-separated or, if the
/// file's name ends in `.csv`, comma-separated values.
///
/// | column | |
/// |---|---|
/// | `text` | its name on the command line |
/// | `position` | characters of the normalized text before this one |
/// | `character` | the unit; `\t`, `\n`, `\r`, `\\`, and `\u{200B}` for other invisible characters |
/// | `nats`, `bits` | its cost; the nats add up to those of the evaluation |
/// | `unknown` | 1 if the vocabulary does not have it, else 0 |
/// | `likeliest`, `probability` | the token that the model found most likely |
/// | `code_point` | those of the unit, as in `U+0065 U+0301` |
///
/// Numbers have all their digits. Of tab-separated values nothing is quoted; of comma-separated
/// ones every text is, with its quotes doubled (RFC 4180).
package final class SurprisalTable: ScoreObserver {
  package let candidateCount = 1
  private let names: TokenNames
  private let isCSV: Bool
  private var file: AtomicFile
  private var textName = ""
  private var position = 0

  private static let columns = [
    "text", "position", "character", "nats", "bits", "unknown", "likeliest", "probability",
    "code_point",
  ]

  /// Begins the table at `path`, where it appears after `finish`.
  /// - Throws: `StorageError`.
  package init(path: String, names: TokenNames) throws {
    self.names = names
    isCSV = path.lowercased().hasSuffix(".csv")
    file = try AtomicFile(path: path)
    try write(line(Self.columns))
  }

  package func beginText(named name: String) {
    textName = cell(name)
    position = 0
  }

  package func append(_ units: [ScoredUnit]) throws {
    var lines = ""
    for unit in units {
      let likeliest = unit.candidates[0]
      lines += line([
        textName, "\(position)", cell(unit.spelling), "\(unit.nats)", "\(unit.nats / log(2))",
        unit.isUnknown ? "1" : "0", cell(names[likeliest.token]), "\(likeliest.probability)",
        unit.spelling.unicodeScalars.map(codePoint).joined(separator: " "),
      ])
      position += unit.characterCount
    }
    try write(lines)
  }

  package func endText(_ result: EvaluationResult) {}

  /// - Throws: `StorageError`.
  package func finish() throws {
    try file.finish()
  }

  private func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { try file.writer.write(UnsafeRawBufferPointer($0)) }
  }

  private func line(_ cells: [String]) -> String {
    cells.joined(separator: isCSV ? "," : "\t") + "\n"
  }

  private func cell(_ text: String) -> String {
    let text = Self.escaped(text)
    return isCSV ? commaSeparatedCell(text) : text
  }

  /// Escapes everything that ends a cell or is invisible.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\t": result += #"\t"#
      case "\n": result += #"\n"#
      case "\r": result += #"\r"#
      case "\\": result += #"\\"#
      case " ": result += " "
      default:
        if isVisible(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          result += #"\u{\#(String(scalar.value, radix: 16, uppercase: true))}"#
        }
      }
    }
    return result
  }
}
