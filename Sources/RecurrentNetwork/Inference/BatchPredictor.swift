import Kernels

/// Runs a trained network along several texts side by side, one token of each per step.
///
/// One product per step reads the weights once for all texts.
///
/// ```swift
/// import Kernels
/// import RecurrentNetwork
///
/// var batch = BatchPredictor(
///   weights: weights, states: states, processor: Processor(threadCount: 2))
/// let logits = batch.advance(tokens)  // [B x V], the logits of the next tokens
/// ```
///
/// Every text gets the same bits as it would alone, in a `Predictor`.
public struct BatchPredictor: ~Copyable {
  /// The weights of the network.
  public let weights: NetworkWeights
  /// B
  public let batchSize: Int
  private var forward: ForwardPass
  private let logits: AlignedBuffer<Float>

  /// - Parameters:
  ///   - weights: the network.
  ///   - states: the state in which each text begins, at least one.
  ///   - processor: the instruction set and the threads to compute with.
  public init(weights: NetworkWeights, states: [RecurrentState], processor: Processor) {
    precondition(!states.isEmpty, "there must be a text")
    var forward = ForwardPass(
      reading: weights, batchSize: states.count, windowLength: 1, processor: processor)
    for (row, state) in states.enumerated() { forward.setState(ofRow: row, to: state) }
    self.weights = weights
    batchSize = states.count
    self.forward = forward
    logits = AlignedBuffer(repeating: 0, count: batchSize * weights.configuration.vocabularySize)
  }

  /// Reads one token of each text, all below V.
  /// - Returns: the logits of the next tokens, [B x V], valid until the next call.
  public mutating func advance(_ tokens: [UInt16]) -> MatrixView {
    precondition(tokens.count == batchSize, "there must be a token for each text")
    forward.run(tokens, stepCount: 1, weights: weights)
    let rows = MatrixView(
      start: logits.start, rowCount: batchSize,
      columnCount: weights.configuration.vocabularySize)
    forward.computeLogits(0..<batchSize, weights: weights, into: rows)
    forward.carryState(stepCount: 1)
    return rows
  }

  /// The state of one text after the last step.
  public func state(of text: Int) -> RecurrentState {
    precondition(0..<batchSize ~= text, "there is no such text")
    var state = RecurrentState(weights.configuration)
    state.values = stateVectors.flatMap { vector in
      UnsafeBufferPointer(start: vector.row(text), count: vector.columnCount)
    }
    return state
  }

  /// Replaces the state of one text.
  package mutating func setState(of text: Int, to state: RecurrentState) {
    precondition(0..<batchSize ~= text, "there is no such text")
    forward.setState(ofRow: text, to: state)
  }

  /// Replaces the state of each text i by that of text `sources[i]`, as beam search needs it.
  public mutating func select(_ sources: [Int]) {
    precondition(sources.count == batchSize, "there must be a source for each text")
    for vector in stateVectors {
      let rows = sources.map {
        Array(UnsafeBufferPointer(start: vector.row($0), count: vector.columnCount))
      }
      for (text, row) in rows.enumerated() { vector.row(text).update(from: row, count: row.count) }
    }
  }

  /// The vectors of the state, each [B x H], in the order of `RecurrentState`.
  private var stateVectors: [MatrixView] {
    (0..<weights.configuration.layerCount).flatMap { forward.layer($0).state(after: 0) }
  }
}
