import Evaluation
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The figures of evaluated texts, each alone and all together, for people or for programs.
struct EvaluationReport {
  /// What each text is called, and its figures.
  let texts: [(name: String, result: EvaluationResult)]
  let seconds: Double

  var total: EvaluationResult {
    texts.reduce(into: EvaluationResult()) { $0 += $1.result }
  }

  var charactersPerSecond: Double { Double(total.characters) / max(seconds, 1e-9) }

  // MARK: For people

  /// The figures of all texts together.
  var rows: [(String, String)] { rows(total) }

  /// The same as a table and, where there are several, a line for each before them.
  var table: String {
    let all = charlm.table(rows)
    guard texts.count > 1 else { return all }
    return Self.aligned([Self.headings] + texts.map { row($0.name, $0.result) }) + "\nall texts\n"
      + all
  }

  private func rows(_ result: EvaluationResult) -> [(String, String)] {
    [
      ("characters", result.characters.grouped),
      ("bytes", result.bytes.grouped),
      ("words", result.words.grouped),
      ("unknown characters", unknown(result)),
      ("nats per character", result.natsPerCharacter.fixed(4)),
      ("bits per character", result.bitsPerCharacter.fixed(4) + interval(result)),
      ("bits per byte", result.bitsPerByte.fixed(4)),
      ("perplexity per character", result.perplexityPerCharacter.fixed(4)),
      ("perplexity per byte", result.perplexityPerByte.fixed(4)),
      ("perplexity per word", perplexityPerWord(result)),
    ]
  }

  private func unknown(_ result: EvaluationResult) -> String {
    guard result.unknownCharacters > 0 else { return "0" }
    let bits = result.unknownNats / Double(result.unknownCharacters) / log(2)
    let percent = 100 * result.unknownNats / result.nats
    return "\(result.unknownCharacters.grouped), \(bits.fixed(1)) bits each: "
      + "\(percent.fixed(1)) % of the whole"
  }

  private func interval(_ result: EvaluationResult) -> String {
    guard let interval = result.confidenceInterval() else {
      return "  (too short for a 95 % interval)"
    }
    return "  (95 %: \(bounds(interval)))"
  }

  private func bounds(_ interval: ConfidenceInterval) -> String {
    "\(interval.lowerBitsPerCharacter.fixed(4)) to \(interval.upperBitsPerCharacter.fixed(4))"
  }

  private func perplexityPerWord(_ result: EvaluationResult) -> String {
    guard let perplexity = result.perplexityPerWord else { return "no words" }
    return perplexity.isFinite ? perplexity.fixed(1) : "too large for a number"
  }

  private static let headings = [
    "text", "characters", "bits per character", "95 % interval", "bits per byte", "unknown",
  ]

  private func row(_ name: String, _ result: EvaluationResult) -> [String] {
    [
      visible(name, keepingSpaces: true), result.characters.grouped,
      result.bitsPerCharacter.fixed(4),
      result.confidenceInterval().map(bounds) ?? "too short", result.bitsPerByte.fixed(4),
      result.unknownCharacters.grouped,
    ]
  }

  /// Rows of cells below one another: the first column to the left, all others to the right.
  static func aligned(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + space : "  " + space + cell
      }.joined() + "\n"
    }.joined()
  }

  // MARK: For programs

  /// - Parameter more: fields behind those of the figures.
  func json(_ more: [(name: String, value: (any Encodable)?)] = []) -> JSONLine {
    JSONLine(
      fields(total) + [
        ("seconds", seconds), ("characters_per_second", charactersPerSecond), ("dynamic", false),
        ("files", texts.map { JSONLine([("file", $0.name)] + fields($0.result)) }),
      ] + more)
  }

  private func fields(_ result: EvaluationResult) -> [(name: String, value: (any Encodable)?)] {
    [
      ("characters", result.characters), ("bytes", result.bytes), ("words", result.words),
      ("tokens", result.tokens), ("unknown_characters", result.unknownCharacters),
      ("unknown_nats", result.unknownNats),
      ("nats", result.nats), ("nats_per_character", finite(result.natsPerCharacter)),
      ("bits_per_character", finite(result.bitsPerCharacter)),
      ("bits_per_byte", result.bitsPerByte),
      ("perplexity_per_character", finite(result.perplexityPerCharacter)),
      ("perplexity_per_byte", finite(result.perplexityPerByte)),
      ("perplexity_per_word", result.perplexityPerWord.flatMap(finite)),
      ("interval", intervalFields(result)),
    ]
  }

  private func intervalFields(_ result: EvaluationResult) -> JSONLine? {
    result.confidenceInterval().map { interval in
      let nats = [interval.lowerNatsPerCharacter, interval.upperNatsPerCharacter]
      return JSONLine([
        ("level", ConfidenceInterval.level), ("nats_per_character", nats),
        ("bits_per_character", nats.map { $0 / log(2) }),
        ("perplexity_per_character", nats.map(exp)), ("blocks", result.blocks.count),
        ("characters_per_block", result.blocks.charactersPerBlock),
      ])
    }
  }

  /// JSON has no infinity: a perplexity too large for a number is null.
  private func finite(_ value: Double) -> Double? {
    value.isFinite ? value : nil
  }
}
