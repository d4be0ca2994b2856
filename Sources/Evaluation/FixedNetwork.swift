import Kernels
import RecurrentNetwork
import Tokenization

/// A network whose weights stay as they are while it reads.
struct FixedNetwork: ~Copyable, TokenScorer {
  private var predictor: Predictor
  private var state: RecurrentState
  /// The token before those still to be read.
  private var previous = Vocabulary.endOfText

  init(_ weights: NetworkWeights, processor: Processor) {
    predictor = Predictor(weights: weights, processor: processor)
    state = RecurrentState(weights.configuration)
  }

  mutating func beginText(visitsLogits: Bool) {
    state = RecurrentState(predictor.weights.configuration)
    previous = Vocabulary.endOfText
  }

  mutating func score(
    _ tokens: UnsafeBufferPointer<TokenID>, nats: inout [Double],
    visitingLogits visit: (MatrixView) -> Void
  ) {
    predictor.score(
      tokens, after: &previous, state: &state, nats: &nats, visitingLogits: visit)
  }

  mutating func endText(nats: inout [Double], visitingLogits visit: (MatrixView) -> Void) {}

  static func notFinite(name: String) -> EvaluationError { .notFinite(name: name) }
}
