import Kernels

extension LayerActivations {
  /// The whole of dL/d(state after step `step`) of one row: dL/dh_t with c_t held, then, for an LSTM, dL/dc_t
  /// with h_t following it.
  ///
  /// It is read just before the cell's `activateBackward`, when `gradient` holds what reaches this step.
  func stateGradients(
    of kind: CellKind, _ gradient: LayerGradients, step: Int, row: Int
  ) -> [[Float]] {
    let row = row..<row + 1
    let hidden = gradient.hidden(step, row).values
    let direct = gradient.stateGradient.rows(row).values
    switch kind {
    case .rnn:
      return [Array(hidden)]
    case .gru:
      // The later step's direct part, past its gates, belongs to dL/dh_t.
      return [zip(hidden, direct).map { $0 + $1 }]
    case .lstm:
      // The later step's dL/dc_t, and what comes through h_t = o * tanh(c_t).
      let cellTanh = saved(step, row).values
      let output = gates(step, row).values.suffix(hidden.count)
      let cell = hidden.indices.map { j -> Float in
        let slope = 1 - cellTanh[j] * cellTanh[j]
        return direct[j] + hidden[j] * output[output.startIndex + j] * slope
      }
      return [Array(hidden), cell]
    }
  }
}
