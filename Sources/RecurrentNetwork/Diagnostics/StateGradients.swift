import Kernels

extension CellKind {
  /// dL/d(state after step `step`) of one row, complete, one array for each state vector.
  ///
  /// The gradient of h_t holds c_t fixed; that of c_t includes the path through h_t. Valid between
  /// `RecurrentCell.receiveGradient` and `RecurrentCell.computeSumGradients`.
  func stateGradients(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, row: Int
  ) -> [[Float]] {
    let rows = row..<row + 1
    let hidden = gradient.hidden(step, rows).values
    let stateGradient = gradient.stateGradient.rows(rows).values
    switch self {
    case .rnn:
      return [Array(hidden)]
    case .gru:
      // The part that bypasses the gates of step t + 1 belongs to dL/dh_t.
      return [zip(hidden, stateGradient).map { $0 + $1 }]
    case .lstm, .coupledLSTM:
      // dL/dc_t comes directly from step t + 1, and through h_t = o * tanh(c_t).
      let cellTanh = layer.saved(step, rows).values
      let output = layer.gates(step, rows).values.suffix(hidden.count)
      let cell = hidden.indices.map { j -> Float in
        let slope = 1 - cellTanh[j] * cellTanh[j]
        return stateGradient[j] + hidden[j] * output[output.startIndex + j] * slope
      }
      return [Array(hidden), cell]
    }
  }
}
