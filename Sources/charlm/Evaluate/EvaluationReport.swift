import Evaluation
import Glibc
import Tokenization

/// The figures of the evaluated texts, separately and together, for people or for programs.
struct EvaluationReport {
  /// The settings of dynamic evaluation and the results of the fixed weights.
  struct DynamicComparison {
    /// One for each model.
    let settings: [DynamicSettings]
    let fixed: [EvaluationResult]

    var total: EvaluationResult { EvaluationReport.sum(fixed) }
  }

  /// The names of the models that predicted together; usually one.
  let modelNames: [String]
  /// The name and the result of each text.
  let texts: [(name: String, result: EvaluationResult)]
  let seconds: Double
  /// nil if the weights were fixed.
  var comparison: DynamicComparison?

  var total: EvaluationResult { Self.sum(texts.map(\.result)) }

  private static func sum(_ results: [EvaluationResult]) -> EvaluationResult {
    results.reduce(into: EvaluationResult()) { $0 += $1 }
  }

  var charactersPerSecond: Double { Double(total.characters) / max(seconds, 1e-9) }

  /// The results to compare with baselines: this model's, with fixed and with adapting weights if
  /// it has both.
  var models: [(name: String, result: EvaluationResult)] {
    let isAlone = modelNames.count == 1
    let name = isAlone ? "this model" : "these \(modelNames.count) models"
    guard let comparison else { return [(name, total)] }
    return [
      (name, comparison.total), ("\(isAlone ? "its" : "their") weights following", total),
    ]
  }

  // MARK: For people

  /// A figure with its name and an optional remark.
  private struct Row {
    let name: String
    let text: String
    var remark = ""
    /// Whether the figure depends on the model's weights.
    var dependsOnWeights = true
  }

  /// The figures of all texts together; those of fixed weights come last.
  var rows: [(String, String)] {
    let rows = rows(total).map { ($0.name, $0.text + $0.remark) }
    guard let comparison else { return rows }
    return rows + [
      ("bits per character, fixed weights", comparison.total.bitsPerCharacter.fixed(4))
    ]
  }

  /// The same as a table. With several texts, a line for each comes first; figures of fixed weights
  /// are next to those of adapting weights.
  var table: String {
    let all = TextTable.pairs(comparison.map { besideFixed($0.total) } ?? rows)
    guard texts.count > 1 else { return all }
    return TextTable.columns([headings] + texts.indices.map(cells)) + "\nall texts\n" + all
  }

  /// The speed and the settings of dynamic evaluation.
  var notes: [String] {
    settingNotes + [warning].compactMap { $0 }
  }

  private var warning: String? {
    guard let fixed = comparison?.total, fixed.nats < total.nats else { return nil }
    return "The weights that followed the text did worse than fixed ones: "
      + "give --tune with another text, or a lower --dynamic-rate."
  }

  private var settingNotes: [String] {
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
      fixed.leftAligned(width + 2) + dynamic
    }
    let lines = zip(fixedRows, rows(total, label: "dynamic")).map { fixed, dynamic in
      let text = dynamic.text + dynamic.remark
      return (dynamic.name, dynamic.dependsOnWeights ? line(fixed.text, text) : text)
    }
    return [("", line("static", "dynamic"))] + lines
  }

  /// - Parameter label: names the weights of remarks that depend on them.
  private func rows(_ result: EvaluationResult, label: String? = nil) -> [Row] {
    [
      Row(name: "characters", text: result.characters.grouped, dependsOnWeights: false),
      Row(name: "bytes", text: result.bytes.grouped, dependsOnWeights: false),
      Row(name: "words", text: result.words.grouped, dependsOnWeights: false),
      Row(
        name: "unknown characters", text: result.unknownCharacters.grouped,
        remark: unknownShare(result, label), dependsOnWeights: false),
      Row(name: "nats per character", text: result.natsPerCharacter.fixed(4)),
      Row(
        name: "bits per character", text: result.bitsPerCharacter.fixed(4),
        remark: interval(result, label)),
      Row(name: "bits per byte", text: result.bitsPerByte.fixed(4)),
      Row(name: "perplexity per character", text: perplexity(result.perplexityPerCharacter)),
      Row(name: "perplexity per byte", text: perplexity(result.perplexityPerByte)),
      Row(name: "perplexity per word", text: perplexityPerWord(result)),
    ]
  }

  private func unknownShare(_ result: EvaluationResult, _ label: String?) -> String {
    guard result.unknownCharacters > 0 else { return "" }
    let bits = result.unknownNats / Double(result.unknownCharacters) / log(2)
    let percent = 100 * result.unknownNats / result.nats
    return ", \(bits.fixed(1)) bits each: \(percent.fixed(1)) % of the whole"
      + (label.map { " (\($0))" } ?? "")
  }

  private func interval(_ result: EvaluationResult, _ label: String?) -> String {
    guard let interval = result.confidenceInterval() else {
      return "  (too short for a 95 % interval)"
    }
    return "  (\(label.map { "\($0), " } ?? "")95 %: \(bounds(interval)))"
  }

  private func bounds(_ interval: ConfidenceInterval) -> String {
    "\(interval.lowerBitsPerCharacter.fixed(4)) to \(interval.upperBitsPerCharacter.fixed(4))"
  }

  private func perplexityPerWord(_ result: EvaluationResult) -> String {
    result.perplexityPerWord.map { perplexity($0, digits: 1) } ?? "no words"
  }

  private func perplexity(_ value: Double, digits: Int = 4) -> String {
    value.isFinite ? value.groupedFixed(digits) : "too large for a number"
  }

  private var headings: [String] {
    ["text", "characters"]
      + (comparison == nil ? ["bits per character"] : ["static bits per character", "dynamic"])
      + ["95 % interval", "bits per byte", "unknown"]
  }

  /// The cells of one text.
  private func cells(_ index: Int) -> [String] {
    let (name, result) = texts[index]
    let fixed = comparison.map { [$0.fixed[index].bitsPerCharacter.fixed(4)] } ?? []
    return [visible(name, keepingSpaces: true), result.characters.grouped] + fixed + [
      result.bitsPerCharacter.fixed(4),
      result.confidenceInterval().map(bounds) ?? "too short", result.bitsPerByte.fixed(4),
      result.unknownCharacters.grouped,
    ]
  }
}
