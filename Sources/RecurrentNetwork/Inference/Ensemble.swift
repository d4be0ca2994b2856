import Kernels

/// One or more trained networks of one vocabulary that read a text together and predict by the mean
/// of their probabilities (Hansen & Salamon 1990, "Neural network ensembles"):
///
/// ```
/// p(token) = 1/M sum over m of p_m(token)
/// ```
///
/// A single network gives the same bits as in a `Predictor`. `EnsembleBatch` reads several texts
/// side by side.
///
/// ```swift
/// import Kernels
/// import RecurrentNetwork
///
/// var ensemble = Ensemble([weights], processor: Processor(threadCount: 2))
/// var states = ensemble.initialStates
/// var logits: [Float] = []
/// ensemble.read(prompt, states: &states, logits: &logits)
/// ```
public struct Ensemble: ~Copyable {
  private let members: [Member]

  private final class Member {
    var predictor: Predictor
    init(_ predictor: consuming Predictor) { self.predictor = predictor }
  }

  /// - Precondition: there is a network, and all have vocabularies of the same size.
  public init(_ weights: [NetworkWeights], processor: Processor) {
    weights.checkVocabularies()
    members = weights.map { Member(Predictor(weights: $0, processor: processor)) }
  }

  /// The weights of all networks.
  public var weights: [NetworkWeights] { members.map { $0.predictor.weights } }

  /// The states of all networks before any text.
  public var initialStates: [RecurrentState] {
    members.map { RecurrentState($0.predictor.weights.configuration) }
  }

  /// Reads `tokens` (at least one, all below V), advances the states, and fills `logits` with the V
  /// logits of the next token; for several networks these are the logarithms of the mean
  /// probabilities.
  /// - Parameters:
  ///   - tokens: token ids.
  ///   - states: one for each network.
  ///   - logits: [V].
  public mutating func read(
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
    let all = rows.flatMap(\.self)
    let count = rows[0].count
    logits = Array(repeating: 0, count: count)
    all.withUnsafeBufferPointer { all in
      EnsembleAverage.logits(
        rows.indices.map { all.baseAddress! + $0 * count }, count: count, into: &logits)
    }
  }
}

extension [NetworkWeights] {
  func checkVocabularies() {
    precondition(!isEmpty, "there must be a network")
    precondition(
      Set(map(\.configuration.vocabularySize)).count == 1, "the networks must have the same tokens")
  }
}
