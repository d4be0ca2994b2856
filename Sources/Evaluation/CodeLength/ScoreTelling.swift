import Kernels
import Tokenization

/// Tells observers of scored tokens, unit by unit; without observers it costs nothing.
struct ScoreTelling {
  private let observers: [any ScoreObserver]
  private var assembly: UnitAssembler?
  private var ranking: CandidateRanking

  init(_ observers: [any ScoreObserver], _ tokenizer: Tokenizer) {
    self.observers = observers
    assembly = observers.isEmpty ? nil : UnitAssembler(tokenizer)
    let wanted = observers.map(\.candidateCount).max() ?? 0
    ranking = CandidateRanking(count: min(wanted, tokenizer.vocabularySize))
  }

  func beginText(named name: String) throws {
    for observer in observers { try observer.beginText(named: name) }
  }

  /// Whether `rank` has any effect.
  var ranksCandidates: Bool { ranking.count > 0 }

  /// Notes the candidates for further tokens, before these are told with `append`.
  mutating func rank(_ logits: MatrixView) {
    ranking.append(logits)
  }

  mutating func append(_ tokens: [TokenID], nats: [Double], unknowns: [UnknownUnit]) throws {
    let units = assembly?.append(
      tokens, nats: nats, unknowns: unknowns, candidates: ranking.candidates)
    ranking.removeAll()
    guard let units, !units.isEmpty else { return }
    for observer in observers { try observer.append(units) }
  }

  func endText(_ result: EvaluationResult) throws {
    for observer in observers { try observer.endText(result) }
  }
}
