import Kernels

/// The gated recurrent unit, in the form of PyTorch and cuDNN: the reset gate acts after the
/// product.
///
/// ```
/// a_t = W_ih x_t + b_ih                               (3H, in the blocks r, z, n)
/// s_t = W_hh h_{t-1} + b_hh                           (3H, likewise)
/// r, z = sigmoid(a_r + s_r), sigmoid(a_z + s_z)
/// n = tanh(a_n + r * s_n)
/// h_t = (1 - z) * n + z * h_{t-1}
/// ```
///
/// Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder for statistical
/// machine translation", have n = tanh(a_n + W_hn (r * h_{t-1})), without biases. The gate order is
/// PyTorch's; only this file, `GRUGates.h` and `CellKind.gates` depend on it.
struct GRUCell: RecurrentCell {
  /// n
  let separateGateCount = 1
  let savesActivation = false

  /// On return `layer.gates` holds r, z, n, and `layer.separate` still s_n.
  func activate(_ layer: LayerActivations, step: Int, shard: LayerShard, kernels: KernelSet) {
    let rows = shard.rows
    kernels.gruForward(
      gates: layer.gates(step, rows), recurrentCandidate: layer.separate(step, rows),
      previousHidden: layer.hidden(before: step, rows),
      hidden: layer.hidden(before: step + 1, rows), units: shard.units)
  }

  /// The state gradient is z * dL/dh_t, the part that bypasses the gates.
  func activateBackward(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, shard: LayerShard,
    kernels: KernelSet
  ) {
    let rows = shard.rows
    kernels.gruBackward(
      gates: layer.gates(step, rows), recurrentCandidate: layer.separate(step, rows),
      previousHidden: layer.hidden(before: step, rows),
      hiddenGradient: gradient.hidden(step, rows), stateGradient: gradient.stateGradient.rows(rows),
      units: shard.units)
  }
}
