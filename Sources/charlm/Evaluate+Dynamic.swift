import Evaluation
import Kernels
import ModelFiles
import Tokenization

extension Evaluate {
  /// Scores all texts with weights that follow each, and reports that beside the static figures.
  /// - Parameter fixed: the static figures.
  func evaluateDynamically(
    _ sources: [TextSource], model: TextModel, beside fixed: EvaluationResult,
    processor: Processor
  ) throws {
    let adaptation = try dynamics.adaptation(
      of: model, invalidUTF8: encoding.invalidUTF8, shared: shared, processor: processor)
    var evaluator = DynamicEvaluator(
      model, settings: adaptation.settings, statistics: adaptation.statistics,
      processor: processor)
    var progressLine = ProgressLine()
    var total = EvaluationResult()
    let stopwatch = Stopwatch()
    for source in sources {
      total += try evaluator.evaluate(source, invalidUTF8: encoding.invalidUTF8) { result in
        guard !shared.quiet else { return }
        progressLine.update(seconds: stopwatch.seconds) {
          "\((total.characters + result.characters).grouped) characters, weights following"
        }
      }
    }
    progressLine.clear()
    let seconds = stopwatch.seconds
    if json { return try printJSON(total, beside: fixed, adaptation.settings, seconds: seconds) }
    try printTable(total, beside: fixed)
    shared.note(
      "rate \(adaptation.settings.learningRate.significant), "
        + "decay \(adaptation.settings.decay.significant), "
        + "segments of \(adaptation.settings.segmentLength); "
        + "\(Int(Double(total.characters) / max(seconds, 1e-9)).grouped) characters/s")
  }

  private func printTable(_ result: EvaluationResult, beside fixed: EvaluationResult) throws {
    let fixedRows = Self.rows(fixed)
    let width = fixedRows.map(\.text.count).max() ?? 0
    func line(_ fixed: String, _ dynamic: String) -> String {
      fixed + String(repeating: " ", count: max(0, width - fixed.count)) + "  " + dynamic
    }
    let rows = zip(fixedRows, Self.rows(result)).map { fixed, dynamic in
      // What is counted does not depend on the weights.
      (fixed.name, fixed.isCount ? fixed.text : line(fixed.text, dynamic.text))
    }
    try StandardOutput.write(table([("", line("static", "dynamic"))] + rows))
  }

  private func printJSON(
    _ result: EvaluationResult, beside fixed: EvaluationResult, _ settings: DynamicSettings,
    seconds: Double
  ) throws {
    try JSONLine(
      Self.fields(result, seconds: seconds, isDynamic: true) + [
        ("static_nats", fixed.nats), ("static_nats_per_character", fixed.natsPerCharacter),
        ("static_bits_per_character", fixed.bitsPerCharacter),
        ("static_bits_per_byte", fixed.bitsPerByte),
        ("dynamic_segment", settings.segmentLength), ("dynamic_rate", settings.learningRate),
        ("dynamic_decay", settings.decay),
      ]
    ).print()
  }
}
