import Kernels

/// Long short-term memory whose input gate is coupled to its forget gate: i = 1 - f.
///
/// ```
/// z_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh        (3H, in the blocks f, g, o)
/// f, o = sigmoid(z_f), sigmoid(z_o);  g = tanh(z_g)
/// c_t = f * c_{t-1} + (1 - f) * g
/// h_t = o * tanh(c_t)
/// ```
///
/// Greff et al. 2017, "LSTM: A search space odyssey", where it is the variant CIFG. c_t is a mean
/// of candidates, so it stays within -1 and 1 in a text that begins with a zero state. The gate
/// order is that of `LSTMCell` without i; only this file, `CoupledLSTMGates.h`,
/// `CellKind.forgetGate` and `CellKind.gates` depend on it.
struct CoupledLSTMCell: RecurrentCell {
  let separateGateCount = 0
  /// tanh(c_t)
  let savesActivation = true

  /// On return `layer.gates` holds f, g, o.
  func activate(_ layer: LayerActivations, step: Int, shard: LayerShard, kernels: KernelSet) {
    let rows = shard.rows
    kernels.coupledLSTMForward(
      gates: layer.gates(step, rows), previousCell: layer.cell(before: step, rows),
      cell: layer.cell(before: step + 1, rows), cellTanh: layer.saved(step, rows),
      hidden: layer.hidden(before: step + 1, rows), units: shard.units)
  }

  /// The state gradient is dL/dc_t.
  func activateBackward(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, shard: LayerShard,
    kernels: KernelSet
  ) {
    let rows = shard.rows
    kernels.coupledLSTMBackward(
      gates: layer.gates(step, rows), previousCell: layer.cell(before: step, rows),
      cellTanh: layer.saved(step, rows), hiddenGradient: gradient.hidden(step, rows),
      cellGradient: gradient.stateGradient.rows(rows), units: shard.units)
  }
}
