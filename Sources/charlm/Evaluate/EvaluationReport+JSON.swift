import Evaluation

extension EvaluationReport {
  /// - Parameter more: fields after the figures.
  func json(_ more: JSONLine.Fields = []) -> JSONLine {
    let files = texts.indices.map { index in
      JSONLine(
        [("file", texts[index].name)] + fields(texts[index].result, comparison?.fixed[index]))
    }
    return JSONLine(
      fields(total, comparison?.total) + [
        ("seconds", seconds), ("characters_per_second", charactersPerSecond),
        ("dynamic", comparison != nil), ("files", files),
        ("peak_memory_bytes", PeakMemory.byteCount),
      ] + settingFields + more)
  }

  /// The settings of dynamic evaluation; each of several models has its own.
  private var settingFields: JSONLine.Fields {
    guard modelNames.count > 1 else { return settingFields(ofModel: 0) }
    let models = modelNames.indices.map { model in
      JSONLine([("file", modelNames[model])] + settingFields(ofModel: model))
    }
    return [("models", models)]
  }

  private func settingFields(ofModel model: Int) -> JSONLine.Fields {
    guard let settings = comparison?.settings[model] else { return [] }
    return [
      ("dynamic_segment", settings.segmentLength), ("dynamic_rate", settings.learningRate),
      ("dynamic_decay", settings.decay),
    ]
  }

  /// - Parameter fixed: the result of fixed weights, if `result` is of adapted ones.
  private func fields(
    _ result: EvaluationResult, _ fixed: EvaluationResult?
  ) -> JSONLine.Fields {
    let figures: JSONLine.Fields = result.figures.map { ($0.name, $0.value) }
    guard let fixed else { return figures }
    return figures + [
      ("static_nats", fixed.nats), ("static_nats_per_character", fixed.natsPerCharacter),
      ("static_bits_per_character", fixed.bitsPerCharacter),
      ("static_bits_per_byte", fixed.bitsPerByte),
    ]
  }
}
