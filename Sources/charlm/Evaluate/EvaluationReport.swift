import Evaluation
import Glibc
import Reporting

/// The figures of evaluated texts, each alone and all together, for people or for programs.
struct EvaluationReport {
  /// How the weights followed the texts, and what the fixed ones made of each.
  struct DynamicComparison {
    /// Of each model.
    let settings: [DynamicSettings]
    let fixed: [EvaluationResult]

    var total: EvaluationResult { EvaluationReport.sum(fixed) }
  }

  /// What the models are called that predicted together; mostly one.
  let modelNames: [String]
  /// What each text is called, and its figures.
  let texts: [(name: String, result: EvaluationResult)]
  let seconds: Double
  /// nil where the weights were fixed.
  var comparison: DynamicComparison?

  var total: EvaluationResult { Self.sum(texts.map(\.result)) }

  private static func sum(_ results: [EvaluationResult]) -> EvaluationResult {
    results.reduce(into: EvaluationResult()) { $0 += $1 }
  }

  var charactersPerSecond: Double { Double(total.characters) / max(seconds, 1e-9) }

  /// What models hold against baselines: this one, or this one with fixed weights and with those that follow.
  var models: [(name: String, result: EvaluationResult)] {
    let isAlone = modelNames.count == 1
    let name = isAlone ? "this model" : "these \(modelNames.count) models"
    guard let comparison else { return [(name, total)] }
    return [
      (name, comparison.total), ("\(isAlone ? "its" : "their") weights following", total),
    ]
  }

  // MARK: For people

  /// A figure by name, and what is to be said about it.
  private struct Row {
    let name: String
    let text: String
    var remark = ""
    /// Whether weights have a part in it.
    var dependsOnWeights = true
  }

  /// The figures of all texts together, those of fixed weights last.
  var rows: [(String, String)] {
    let rows = rows(total).map { ($0.name, $0.text + $0.remark) }
    guard let comparison else { return rows }
    return rows + [
      ("bits per character, fixed weights", comparison.total.bitsPerCharacter.fixed(4))
    ]
  }

  /// The same as a table and, where there are several, a line for each before them; figures of fixed weights
  /// beside those of weights that followed the text.
  var table: String {
    let all = charlm.table(comparison.map { besideFixed($0.total) } ?? rows)
    guard texts.count > 1 else { return all }
    return Self.aligned([headings] + texts.indices.map(cells)) + "\nall texts\n" + all
  }

  /// How fast it went, and how the weights followed.
  var notes: [String] {
    let speed = "\(Int(charactersPerSecond).grouped) characters/s"
    guard let all = comparison?.settings else { return [speed] }
    guard Set(all).count > 1 else { return ["\(note(on: all[0])); \(speed)"] }
    return zip(modelNames, all).map { name, settings in
      "\(note(on: settings)) for '\(visible(name, keepingSpaces: true))'"
    } + [speed]
  }

  private func note(on settings: DynamicSettings) -> String {
    "rate \(settings.learningRate.significant), decay \(settings.decay.significant), "
      + "segments of \(settings.segmentLength)"
  }

  private func besideFixed(_ fixed: EvaluationResult) -> [(String, String)] {
    let fixedRows = rows(fixed)
    let width = fixedRows.map(\.text.count).max() ?? 0
    func line(_ fixed: String, _ dynamic: String) -> String {
      fixed + String(repeating: " ", count: max(0, width - fixed.count)) + "  " + dynamic
    }
    let lines = zip(fixedRows, rows(total)).map { fixed, dynamic in
      let text = dynamic.text + dynamic.remark
      return (dynamic.name, dynamic.dependsOnWeights ? line(fixed.text, text) : text)
    }
    return [("", line("static", "dynamic"))] + lines
  }

  private func rows(_ result: EvaluationResult) -> [Row] {
    [
      Row(name: "characters", text: result.characters.grouped, dependsOnWeights: false),
      Row(name: "bytes", text: result.bytes.grouped, dependsOnWeights: false),
      Row(name: "words", text: result.words.grouped, dependsOnWeights: false),
      Row(
        name: "unknown characters", text: result.unknownCharacters.grouped,
        remark: unknownShare(result), dependsOnWeights: false),
      Row(name: "nats per character", text: result.natsPerCharacter.fixed(4)),
      Row(
        name: "bits per character", text: result.bitsPerCharacter.fixed(4),
        remark: interval(result)),
      Row(name: "bits per byte", text: result.bitsPerByte.fixed(4)),
      Row(name: "perplexity per character", text: result.perplexityPerCharacter.fixed(4)),
      Row(name: "perplexity per byte", text: result.perplexityPerByte.fixed(4)),
      Row(name: "perplexity per word", text: perplexityPerWord(result)),
    ]
  }

  private func unknownShare(_ result: EvaluationResult) -> String {
    guard result.unknownCharacters > 0 else { return "" }
    let bits = result.unknownNats / Double(result.unknownCharacters) / log(2)
    let percent = 100 * result.unknownNats / result.nats
    return ", \(bits.fixed(1)) bits each: \(percent.fixed(1)) % of the whole"
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

  private var headings: [String] {
    ["text", "characters"]
      + (comparison == nil ? ["bits per character"] : ["static bits per character", "dynamic"])
      + ["95 % interval", "bits per byte", "unknown"]
  }

  /// The line of the text `index`.
  private func cells(_ index: Int) -> [String] {
    let (name, result) = texts[index]
    let fixed = comparison.map { [$0.fixed[index].bitsPerCharacter.fixed(4)] } ?? []
    return [visible(name, keepingSpaces: true), result.characters.grouped] + fixed + [
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
}
