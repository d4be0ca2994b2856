import Kernels

/// Runs a trained network along one text and shows its states and gates after every token.
///
/// ```swift
/// import Kernels
/// import RecurrentNetwork
///
/// var trace = StateTrace(weights: weights, processor: Processor(threadCount: 1))
/// var state = RecurrentState(weights.configuration)
/// trace.read(tokens, state: &state) { position, step in
///   print(position, step.values(of: .hidden, layer: 0)[17])  // h of unit 17
/// }
/// ```
///
/// Each vector has H numbers. They are those of the forward pass itself, not computed again
/// (`LSTMCell`, `GRUCell` and `ElmanCell` have the complete equations):
///
/// ```
/// LSTM  c_t = f * c_{t-1} + i * g         h_t = o * tanh(c_t)        h, c, i, f, g, o
///       c_t = f * c_{t-1} + (1 - f) * g   likewise, if coupled       h, c, f, g, o
/// GRU   h_t = (1 - z) * n + z * h_{t-1}   n = tanh(a_n + r * s_n)    h, r, z, n
/// RNN   h_t = activation(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)      h
/// ```
///
/// Memory is that of one window, however long the text is. The numbers do not depend on the window
/// or on the number of threads.
public struct StateTrace: ~Copyable {
  /// The weights of the network.
  public let weights: NetworkWeights
  private var forward: ForwardPass

  /// - Parameters:
  ///   - weights: the network.
  ///   - windowLength: the maximum number of tokens processed at once.
  ///   - processor: the instruction set and the threads to compute with.
  public init(weights: NetworkWeights, windowLength: Int = 256, processor: Processor) {
    precondition(windowLength >= 1, "a window has at least one token")
    self.weights = weights
    forward = ForwardPass(
      reading: weights, batchSize: 1, windowLength: windowLength, processor: processor)
  }

  /// Reads `tokens` (all below V), advances `state`, and visits every token in order.
  /// - Parameters:
  ///   - tokens: token ids.
  ///   - state: the state before the first token; receives that after the last one.
  ///   - visit: receives the position of a token in `tokens` and the vectors after it.
  public mutating func read(
    _ tokens: [UInt16], state: inout RecurrentState,
    _ visit: (_ position: Int, _ step: TracedStep) throws -> Void
  ) rethrows {
    var first = 0
    while first < tokens.count {
      let count = min(forward.windowLength, tokens.count - first)
      forward.setState(ofRow: 0, to: state)
      tokens.withUnsafeBufferPointer {
        forward.run($0.baseAddress! + first, stepCount: count, weights: weights)
      }
      forward.copyState(ofRow: 0, after: count, into: &state)
      let layers = (0..<weights.configuration.layerCount).map { forward.layer($0) }
      for step in 0..<count {
        let traced = TracedStep(kind: weights.configuration.cell, layers: layers, step: step)
        try visit(first + step, traced)
      }
      first += count
    }
  }
}

/// The states and gates of all layers after one token; valid while it is visited.
public struct TracedStep {
  let kind: CellKind
  let layers: [LayerActivations]
  let step: Int

  /// The H numbers of a vector.
  /// - Precondition: the cell has the vector (`CellKind.tracedVectors`).
  public func values(of vector: TracedVector, layer index: Int) -> UnsafeBufferPointer<Float> {
    let layer = layers[index]
    switch vector {
    case .hidden: return layer.hidden(before: step + 1, 0..<1).values
    case .cell: return layer.cell(before: step + 1, 0..<1).values
    default:
      guard let gate = kind.gates.firstIndex(of: vector) else {
        preconditionFailure("the cell \(kind) has no vector \(vector)")
      }
      let size = layer.hidden.columnCount
      return layer.gates(step, 0..<1).columns(gate * size..<(gate + 1) * size).values
    }
  }
}

/// A vector of a layer after a token, by its letter in the equations.
public enum TracedVector: String, Sendable, Codable, CaseIterable {
  case hidden = "h"
  case cell = "c"
  case inputGate = "i"
  case forgetGate = "f"
  case inputCandidate = "g"
  case outputGate = "o"
  case resetGate = "r"
  case updateGate = "z"
  case stateCandidate = "n"
}

extension CellKind {
  /// The gates in the order of their blocks.
  var gates: [TracedVector] {
    switch self {
    case .lstm: [.inputGate, .forgetGate, .inputCandidate, .outputGate]
    case .coupledLSTM: [.forgetGate, .inputCandidate, .outputGate]
    case .gru: [.resetGate, .updateGate, .stateCandidate]
    case .rnn: []
    }
  }

  /// The state vectors: h, and for an LSTM c.
  public var stateVectors: [TracedVector] {
    stateVectorCount > 1 ? [.hidden, .cell] : [.hidden]
  }

  /// All vectors of a layer, the state first, then the gates in the order of their blocks.
  public var tracedVectors: [TracedVector] { stateVectors + gates }
}
