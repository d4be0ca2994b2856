import Evaluation
import Reporting
import Tokenization

extension EvaluationReport {
  /// A row of comma-separated values (RFC 4180) for each text, after a row of names: the numbers of
  /// `--json`, and the interval of the bits per character. What does not exist is empty.
  var csv: String {
    let results = texts.map(\.result)
    let rows = texts.indices.map { index in
      let fixed = comparison.map { $0.fixed[index].bitsPerCharacter }
      let name = commaSeparatedCell(visible(texts[index].name, keepingSpaces: true))
      return [("file", name)] + numbers(results[index])
        + (fixed.map { [("static_bits_per_character", text($0))] } ?? [])
    }
    let names = rows.first?.map(\.0) ?? []
    return ([names] + rows.map { $0.map(\.1) }).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private func numbers(_ result: EvaluationResult) -> [(String, String)] {
    let figures = result.figures.compactMap { name, value -> (String, String)? in
      switch value {
      case let number as Int: (name, "\(number)")
      case let number as Double: (name, text(number))
      case nil where name != "interval": (name, "")
      default: nil
      }
    }
    let interval = result.confidenceInterval()
    return figures + [
      ("bits_per_character_lower", text(interval?.lowerBitsPerCharacter)),
      ("bits_per_character_upper", text(interval?.upperBitsPerCharacter)),
    ]
  }

  private func text(_ number: Double?) -> String {
    number.flatMap { $0.isFinite ? "\($0)" : nil } ?? ""
  }
}
