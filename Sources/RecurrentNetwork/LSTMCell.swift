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
/// Hochreiter & Schmidhuber 1997, "Long short-term memory"; Gers, Schmidhuber & Cummins 2000, "Learning to
/// forget". The gate order is PyTorch's; this file and `LSTMGates.h` are where it is written.
enum LSTMCell {
  static let gateCount = 4

  /// The rows of the forget gate in a bias of 4H numbers.
  static func forgetGate(hiddenSize: Int) -> Range<Int> {
    hiddenSize..<2 * hiddenSize
  }

  /// Runs `rows` of the batch through `stepCount` steps. On entry `layer.gates` holds what the inputs and
  /// the biases contribute to z; on return i, f, g, o.
  static func forward(
    _ layer: LayerActivations, rows: Range<Int>, stepCount: Int, recurrentWeight: PackedMatrixView,
    kernels: KernelSet
  ) {
    for step in 0..<stepCount {
      let gates = layer.gates(step, rows)
      kernels.multiply(
        layer.hidden(before: step, rows), by: recurrentWeight, into: gates, adding: true)
      kernels.lstmForward(
        gates: gates, previousCell: layer.cell(before: step, rows),
        cell: layer.cell(before: step + 1, rows), cellTanh: layer.cellTanh(step, rows),
        hidden: layer.hidden(before: step + 1, rows))
    }
  }

  /// The way back. On entry `gradient.hidden` holds dL/dh_t from above and `layer.gates` what `forward`
  /// left; on return `layer.gates` holds dL/dz_t. Nothing flows in from beyond the window's end.
  static func backward(
    _ layer: LayerActivations, _ gradient: LayerGradients, rows: Range<Int>, stepCount: Int,
    recurrentWeight: PackedMatrixView, kernels: KernelSet
  ) {
    let cellGradient = gradient.cell.rows(rows)
    cellGradient.fill(with: 0)
    for step in (0..<stepCount).reversed() {
      let gates = layer.gates(step, rows)
      kernels.lstmBackward(
        gates: gates, previousCell: layer.cell(before: step, rows),
        cellTanh: layer.cellTanh(step, rows), hiddenGradient: gradient.hidden(step, rows),
        cellGradient: cellGradient)
      if step > 0 {
        kernels.multiply(
          gates, by: recurrentWeight, into: gradient.hidden(step - 1, rows), adding: true)
      }
    }
  }
}
