import Kernels

/// The Elman RNN.
///
/// ```
/// h_t = activation(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)        (H, one gate)
/// ```
///
/// Elman 1990, "Finding structure in time", with the logistic sigmoid; PyTorch's `nn.RNN` has tanh,
/// the default, and ReLU. The derivatives are computed from h_t, so nothing else of a time step is
/// saved.
struct ElmanCell: RecurrentCell {
  let activation: Activation
  let separateGateCount = 0
  let savesActivation = false

  func activate(_ layer: LayerActivations, step: Int, shard: LayerShard, kernels: KernelSet) {
    let rows = shard.rows
    kernels.elmanForward(
      sums: layer.gates(step, rows), hidden: layer.hidden(before: step + 1, rows),
      units: shard.units, activation: activation)
  }

  /// There is no state gradient: all of dL/dh_{t-1} flows through W_hh.
  func activateBackward(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, shard: LayerShard,
    kernels: KernelSet
  ) {
    let rows = shard.rows
    kernels.elmanBackward(
      gradient: layer.gates(step, rows), hidden: layer.hidden(before: step + 1, rows),
      hiddenGradient: gradient.hidden(step, rows), units: shard.units, activation: activation)
  }
}
