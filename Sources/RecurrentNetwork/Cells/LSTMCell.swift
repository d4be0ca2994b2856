import Kernels

/// Long short-term memory with a forget gate, without peepholes.
///
/// ```
/// z_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh        (4H, in the blocks i, f, g, o)
/// i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o);  g = tanh(z_g)
/// c_t = f * c_{t-1} + i * g
/// h_t = o * tanh(c_t)
/// ```
///
/// Hochreiter & Schmidhuber 1997, "Long short-term memory"; Gers, Schmidhuber & Cummins 2000,
/// "Learning to forget".
///
/// With coupled gates, i = 1 - f (Greff et al. 2017, "LSTM: A search space odyssey", where it is the
/// variant CIFG):
///
/// ```
/// z_t = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh        (3H, in the blocks f, g, o)
/// c_t = f * c_{t-1} + (1 - f) * g
/// ```
///
/// c_t is then a mean of candidates, so it stays within -1 and 1 in a text that begins with a zero
/// state.
///
/// The gate order is PyTorch's, without i if coupled; only this file, `LSTMGates.h`,
/// `CoupledLSTMGates.h`, `CellKind.forgetGate` and `CellKind.gates` depend on it.
struct LSTMCell: RecurrentCell {
  var isCoupled = false
  let separateGateCount = 0
  /// tanh(c_t)
  let savesActivation = true

  /// On return `layer.gates` holds the gates.
  func activate(_ layer: LayerActivations, step: Int, shard: LayerShard, kernels: KernelSet) {
    let rows = shard.rows
    kernels.lstmForward(
      isCoupled: isCoupled, gates: layer.gates(step, rows),
      previousCell: layer.cell(before: step, rows),
      cell: layer.cell(before: step + 1, rows), cellTanh: layer.saved(step, rows),
      hidden: layer.hidden(before: step + 1, rows), units: shard.units)
  }

  /// The state gradient is dL/dc_t.
  func activateBackward(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, shard: LayerShard,
    kernels: KernelSet
  ) {
    let rows = shard.rows
    kernels.lstmBackward(
      isCoupled: isCoupled, gates: layer.gates(step, rows),
      previousCell: layer.cell(before: step, rows),
      cellTanh: layer.saved(step, rows), hiddenGradient: gradient.hidden(step, rows),
      cellGradient: gradient.stateGradient.rows(rows), units: shard.units)
  }
}
