import Evaluation
import Glibc
import Storage
import Tokenization

/// The cost of every character of the evaluated texts, a line each, as tab-separated values.
///
/// | column | |
/// |---|---|
/// | `text` | its name on the command line |
/// | `position` | characters of the normalized text before this one |
/// | `character` | the unit; `\t`, `\n`, `\r`, `\\`, and `\u{200B}` for other invisible characters |
/// | `nats`, `bits` | its cost; the nats add up to those of the evaluation |
/// | `unknown` | 1 if the vocabulary does not have it, else 0 |
/// | `likeliest`, `probability` | the token that the model found most likely |
///
/// Numbers have all their digits. Nothing is quoted.
package final class SurprisalTable: ScoreObserver {
  package let candidateCount = 1
  private let names: TokenNames
  private var file: AtomicFile
  private var textName = ""
  private var position = 0

  private static let head =
    "text\tposition\tcharacter\tnats\tbits\tunknown\tlikeliest\tprobability\n"

  /// Begins the table at `path`, where it appears after `finish`.
  /// - Throws: `StorageError`.
  package init(path: String, names: TokenNames) throws {
    self.names = names
    file = try AtomicFile(path: path)
    try write(Self.head)
  }

  package func beginText(named name: String) {
    textName = Self.escaped(name)
    position = 0
  }

  package func append(_ units: [ScoredUnit]) throws {
    var lines = ""
    for unit in units {
      let likeliest = unit.candidates[0]
      lines += "\(textName)\t\(position)\t\(Self.escaped(unit.spelling))\t\(unit.nats)"
      lines += "\t\(unit.nats / log(2))\t\(unit.isUnknown ? 1 : 0)"
      lines += "\t\(Self.escaped(names[likeliest.token]))\t\(likeliest.probability)\n"
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

  /// Escapes everything that ends a cell or is invisible.
  private static func escaped(_ text: String) -> String {
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
