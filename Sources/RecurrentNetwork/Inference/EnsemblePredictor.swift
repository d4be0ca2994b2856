import Kernels

/// Runs several finished networks of one vocabulary along one text; what comes next is predicted by the mean of
/// their probabilities (Hansen & Salamon 1990, "Neural network ensembles").
///
/// ```
/// p(token) = 1/M sum over m of p_m(token)
/// ```
///
/// It is used as a `Predictor` is, with a state for each network. A single network gives the same bits as in
/// a `Predictor`.
public struct EnsemblePredictor: ~Copyable {
  private let members: [Member]

  private final class Member {
    var predictor: Predictor
    init(_ predictor: consuming Predictor) { self.predictor = predictor }
  }

  /// - Precondition: there is a network, and all have the same number of tokens.
  public init(_ weights: [NetworkWeights], processor: Processor) {
    precondition(!weights.isEmpty, "there must be a network")
    precondition(
      Set(weights.map(\.configuration.vocabularySize)).count == 1,
      "the networks must have the same tokens")
    members = weights.map { Member(Predictor(weights: $0, processor: processor)) }
  }

  public var weights: [NetworkWeights] { members.map { $0.predictor.weights } }

  /// The states before any text.
  public var initialStates: [RecurrentState] { weights.map { RecurrentState($0.configuration) } }

  /// Reads `tokens` (at least one, all below V), moves the states behind them and fills `logits` with V
  /// logits of the token that comes next: of several networks the logarithms of its probabilities.
  public mutating func advance(
    _ tokens: [UInt16], states: inout [RecurrentState], logits: inout [Float]
  ) {
    precondition(states.count == members.count, "there must be a state for each network")
    if members.count == 1 {
      return members[0].predictor.advance(tokens, state: &states[0], logits: &logits)
    }
    var rows = Array(repeating: [Float](), count: members.count)
    for (index, member) in members.enumerated() {
      member.predictor.advance(tokens, state: &states[index], logits: &rows[index])
    }
    let joined = rows.flatMap(\.self)
    let count = rows[0].count
    logits = Array(repeating: 0, count: count)
    joined.withUnsafeBufferPointer { joined in
      EnsembleAverage.logits(
        rows.indices.map { joined.baseAddress! + $0 * count }, count: count, into: &logits)
    }
  }
}
