import Kernels
import RecurrentNetwork
import Tokenization

/// A network whose weights stay as they are while it reads.
struct StaticModel: ~Copyable, ScoringModel {
  private var scorer: SequenceScorer

  init(_ weights: NetworkWeights, processor: Processor) {
    scorer = SequenceScorer(weights: weights, processor: processor)
  }

  mutating func beginText(visitsLogits: Bool) {
    scorer.beginText(after: Vocabulary.endOfText, visitsLogits: visitsLogits)
  }

  mutating func score(
    _ tokens: UnsafeBufferPointer<TokenID>, nats: inout [Double],
    visitingLogits visit: (MatrixView) -> Void
  ) {
    scorer.append(tokens, nats: &nats, visitingLogits: visit)
  }

  mutating func endText(nats: inout [Double], visitingLogits visit: (MatrixView) -> Void) {
    scorer.endText(nats: &nats)
  }

  static func notFinite(name: String) -> EvaluationError { .notFinite(name: name) }
}
