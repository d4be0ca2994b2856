import Diagnosis
import Dispatch
import Kernels
import RecurrentNetwork
import Tokenization

/// Shows what a layer does along a text, as `charlm diagnose cells` does, one text at a time, on a
/// thread of its own.
package final class TextInspector: Sendable {
  private let queue = DispatchQueue(label: "charlm.inspector")
  private let processor: Processor

  /// The largest distance of gradients from the loss; in a short text, half of it.
  private static let furthestDistance = 100
  private static let windowCount = 32
  /// The fewest tokens for gradients.
  private static let fewestTokens = 20
  /// The units of each feature.
  private static let matchCount = 10

  package init(processor: Processor) { self.processor = processor }

  /// - Throws: `DiagnosisError`, `EvaluationError`, or `CancellationError`.
  package func inspect(
    _ request: InspectionRequest, with model: ServedModel
  ) async throws -> TextInspection {
    try await AbandonableWork.perform(on: queue) { [processor] in
      try Self.inspect(request, model, processor, for: $0)
    }
  }

  private static func inspect(
    _ request: InspectionRequest, _ model: ServedModel, _ processor: Processor,
    for work: AbandonableWork
  ) throws -> TextInspection {
    let clock = ContinuousClock()
    let start = clock.now
    let weights = model.model.weights
    let network = weights.configuration
    let name = "the model '\(model.id)'"
    let text = try TracedText(
      .text(request.text, name: "The text"), tokenizer: model.tokenizer, invalidUTF8: .error,
      maximumCharacters: .max)
    let score = try TextScorer.score(
      request.text, model, candidateCount: request.candidateCount, processor, for: work)
    try work.check()
    let diagnosis = CellDiagnosis(
      text, weights: weights, layers: request.layer..<request.layer + 1, processor: processor)
    try work.check()
    let layer = diagnosis.layers[0]
    let figures = LayerFigures(layer, matchCount: matchCount)
    let trace = try diagnosis.trace(of: layer, units: request.units, networkName: name)
    let states =
      request.includesStates
      ? try UnitStates(request.vector, of: layer, in: diagnosis, networkName: name) : nil
    try work.check()
    let (gradients, missing) =
      request.includesGradients
      ? gradients(of: text, weights, layer: request.layer, name: name, processor) : (nil, nil)
    let (seconds, attoseconds) = start.duration(to: clock.now).components
    return TextInspection(
      model: model.id, cell: network.cell.rawValue, layers: network.layerCount,
      layer: request.layer, hiddenSize: network.hiddenSize,
      characters: characters(score.units ?? []),
      vectors: trace.vectors.map { TextInspection.Vector(vector: $0.letter, gate: $0.isGate) },
      features: figures.features, units: figures.units, traces: traces(trace), states: states,
      gradients: gradients, gradientsMissing: missing,
      seconds: Double(seconds) + Double(attoseconds) / 1e18)
  }

  private static func characters(_ units: [TextScore.Unit]) -> [TextInspection.Character] {
    var offset = 0
    return units.map { unit in
      defer { offset += unit.text.unicodeScalars.count }
      return TextInspection.Character(
        text: unit.text, offset: offset, bits: unit.bits, unknown: unit.unknown,
        candidates: unit.candidates)
    }
  }

  private static func traces(_ trace: CellTrace) -> [TextInspection.Trace] {
    let letters = trace.vectors.map(\.letter)
    return trace.units.map { unit in
      TextInspection.Trace(
        unit: unit.index,
        values: Dictionary(zip(letters, unit.values)) { first, _ in first })
    }
  }

  /// The norms, or why there are none.
  private static func gradients(
    of text: TracedText, _ weights: NetworkWeights, layer: Int, name: String,
    _ processor: Processor
  ) -> (gradients: TextInspection.Gradients?, missing: String?) {
    guard text.tokens.count >= fewestTokens else {
      return (
        nil, "The text is too short for gradients: give at least \(fewestTokens) characters."
      )
    }
    let tokens = [Vocabulary.endOfText] + text.tokens
    do {
      let profile = try GradientProfile(
        of: weights, name: name, label: name, isTrained: true, layer: layer,
        windows: .init(
          furthestDistance: min(furthestDistance, text.tokens.count / 2), count: windowCount),
        tokenCount: tokens.count, processor: processor
      ) { range, buffer in _ = buffer.update(from: tokens[range]) }
      let figures = profile.figures
      return (
        TextInspection.Gradients(
          windows: figures.windows, hidden: figures.hidden, cellState: figures.cellState), nil
      )
    } catch {
      return (nil, "\(error)")
    }
  }
}
