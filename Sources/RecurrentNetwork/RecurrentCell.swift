import Kernels

/// What one kind of recurrent cell computes, without state of its own: a type that conforms is where the
/// cell's equations and its gate order stand.
///
/// Every cell starts a step from two products, in G blocks of H numbers, one block a gate:
///
/// ```
/// input sums      W_ih x_t + b_ih
/// recurrent sums  W_hh h_{t-1} + b_hh
/// ```
///
/// The first J gates are *joined*: only the total of both sums matters. The others, always the last blocks,
/// are *apart*: the cell does something to their recurrent sums first, so both sums and their gradients
/// are stored, and b_hh belongs to the recurrent one.
protocol RecurrentCell: Sendable {
  /// G
  var gateCount: Int { get }
  /// G - J
  var apartGateCount: Int { get }
  /// How many vectors of H numbers a layer hands from one step to the next: h, or h and c.
  var stateVectorCount: Int { get }
  /// Whether the way back needs one more vector of H numbers of each step, `LayerActivations.kept`.
  var keepsVector: Bool { get }
  /// The gate that lets the former state through, if one decides that alone: its `bias_ih` starts training
  /// with another value than 0 (`Initialization.forgetBias`).
  var forgetGate: Int? { get }

  /// The step `step` of the rows `rows` after its products: from sums to the new state.
  func activate(_ layer: LayerActivations, step: Int, rows: Range<Int>, kernels: KernelSet)

  /// The gradient of `activate`. On entry `layer` holds what that left, `gradient.hidden` dL/dh_t less what
  /// the later step handed over in `gradient.carried`. On return `layer.gates` and `layer.apart` hold the
  /// gradients of the sums, and `gradient.carried` dL/d(previous state) but for what flows through W_hh.
  func differentiate(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, rows: Range<Int>,
    kernels: KernelSet)

  /// The whole of dL/d(state after step `step`) of one row, each state vector in its turn, from what
  /// `differentiate` finds on entry: that of h_t with c_t held, that of c_t with h_t following it.
  func stateGradients(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, row: Int
  ) -> [[Float]]
}

extension RecurrentCell {
  /// Runs `rows` of the batch through `stepCount` steps. On entry `layer.gates` holds the input sums, with
  /// b_hh of the joined gates added.
  func forward(
    _ layer: LayerActivations, rows: Range<Int>, stepCount: Int, weights: RecurrentWeights,
    kernels: KernelSet
  ) {
    for step in 0..<stepCount {
      let hidden = layer.hidden(before: step, rows)
      kernels.multiply(
        hidden, by: weights.joined, into: layer.joinedGates(step, rows), adding: true)
      if let weight = weights.apart {
        let sums = layer.apart(step, rows)
        sums.fillRows(with: weights.apartBias)
        kernels.multiply(hidden, by: weight, into: sums, adding: true)
      }
      activate(layer, step: step, rows: rows, kernels: kernels)
    }
  }

  /// The way back. On entry `gradient.hidden` holds dL/dh_t from above and `layer` what `forward` left; on
  /// return `layer.gates` and `layer.apart` hold the gradients of the sums. Nothing flows in from beyond
  /// the window's end.
  /// - Parameters:
  ///   - weights: those of the way back.
  ///   - observe: is told each step before it is differentiated, when `stateGradients` can be asked for.
  func backward(
    _ layer: LayerActivations, _ gradient: LayerGradients, rows: Range<Int>, stepCount: Int,
    weights: RecurrentWeights, kernels: KernelSet, observe: ((_ step: Int) -> Void)? = nil
  ) {
    gradient.carried.rows(rows).fill(with: 0)
    for step in (0..<stepCount).reversed() {
      observe?(step)
      differentiate(layer, gradient, step: step, rows: rows, kernels: kernels)
      guard step > 0 else { return }
      let earlier = gradient.hidden(step - 1, rows)
      kernels.multiply(
        layer.joinedGates(step, rows), by: weights.joined, into: earlier, adding: true)
      if let weight = weights.apart {
        kernels.multiply(layer.apart(step, rows), by: weight, into: earlier, adding: true)
      }
    }
  }
}
