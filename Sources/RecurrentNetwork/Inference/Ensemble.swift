import Kernels

/// One or more trained networks of one vocabulary that predict by the mean of their probabilities
/// (Hansen & Salamon 1990, "Neural network ensembles"):
///
/// ```
/// p(token) = 1/M sum over m of p_m(token)
/// ```
///
/// It reads one text of any number of tokens (`read`), or B texts side by side, one token of each
/// per step (`begin`, `step`). A single network gives the same bits as in a `Predictor`, and each
/// text the same bits as alone.
///
/// ```swift
/// import Kernels
/// import RecurrentNetwork
///
/// var ensemble = Ensemble([weights], processor: Processor(threadCount: 2))
/// var states = ensemble.initialStates
/// var logits: [Float] = []
/// ensemble.read(prompt, states: &states, logits: &logits)
/// ensemble.begin(8, from: states)
/// let rows = ensemble.step(tokens)  // [8 x V], the logits of the next tokens
/// ```
public struct Ensemble: ~Copyable {
  private let members: [Member]
  private let processor: Processor
  /// [B x V], if there are several networks to average.
  private var mean = AlignedBuffer<Float>(repeating: 0, count: 0)

  /// The texts that are read side by side, for each network; none before `begin`.
  private var batches: [Batch] = []

  private final class Member {
    var predictor: Predictor
    init(_ predictor: consuming Predictor) { self.predictor = predictor }
  }

  private final class Batch {
    var predictor: BatchPredictor
    init(_ predictor: consuming BatchPredictor) { self.predictor = predictor }
  }

  /// - Precondition: there is a network, and all have vocabularies of the same size.
  public init(_ weights: [NetworkWeights], processor: Processor) {
    precondition(!weights.isEmpty, "there must be a network")
    precondition(
      Set(weights.map(\.configuration.vocabularySize)).count == 1,
      "the networks must have the same tokens")
    members = weights.map { Member(Predictor(weights: $0, processor: processor)) }
    self.processor = processor
  }

  /// The states of all networks before any text.
  public var initialStates: [RecurrentState] {
    members.map { RecurrentState($0.predictor.weights.configuration) }
  }

  // MARK: One text

  /// Reads `tokens` (at least one, all below V), advances the states, and fills `logits` with the V
  /// logits of the next token; for several networks these are the logarithms of the mean
  /// probabilities.
  /// - Parameter states: one for each network.
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

  // MARK: Several texts side by side

  /// Begins `batchSize` texts, at least one, which all continue from `states`.
  /// - Parameter states: one for each network.
  public mutating func begin(_ batchSize: Int, from states: [RecurrentState]) {
    precondition(states.count == members.count, "there must be a state for each network")
    batches = zip(members, states).map { member, state in
      Batch(
        BatchPredictor(
          weights: member.predictor.weights, state: state, batchSize: batchSize,
          processor: processor))
    }
    let vocabularySize = members[0].predictor.weights.configuration.vocabularySize
    mean = AlignedBuffer(
      repeating: 0, count: members.count == 1 ? 0 : batchSize * vocabularySize)
  }

  /// Reads one token of each text, all below V.
  /// - Returns: the logits of the next tokens, [B x V], valid until the next call.
  /// - Precondition: `begin` was called.
  public mutating func step(_ tokens: [UInt16]) -> MatrixView {
    if batches.count == 1 { return batches[0].predictor.advance(tokens) }
    let logits = batches.map { $0.predictor.advance(tokens) }
    let result = MatrixView(
      start: mean.start, rowCount: tokens.count, columnCount: logits[0].columnCount)
    processor.team.forEachRange(of: tokens.count) { rows, _ in
      for row in rows {
        EnsembleAverage.logits(
          logits.map { UnsafePointer($0.row(row)) }, count: result.columnCount,
          into: result.row(row))
      }
    }
    return result
  }

  /// The state of each network after the last step of one text.
  public func states(of text: Int) -> [RecurrentState] {
    batches.map { $0.predictor.state(of: text) }
  }

  /// Replaces the state of each text i by that of text `sources[i]`, as beam search needs it.
  public mutating func select(_ sources: [Int]) {
    for batch in batches { batch.predictor.select(sources) }
  }
}
