import Kernels

/// The equations of one kind of recurrent cell, without state of its own.
///
/// Each conforming type states its equations and its gate order. Every cell starts a time step from
/// two products, in G blocks of H numbers, one block for each gate:
///
/// ```
/// input sums      W_ih x_t + b_ih
/// recurrent sums  W_hh h_{t-1} + b_hh
/// ```
///
/// The first J gates are *fused*: only the total of both sums matters. The others, always the last
/// blocks, are *separate*: the cell transforms their recurrent sums before adding them (the GRU's
/// reset gate), so both sums and their gradients are stored, and b_hh belongs to the recurrent
/// sums. With normalization (`LayerNormalization`) sums have no bias until they are normalized.
protocol RecurrentCell: Sendable {
  /// G - J
  var separateGateCount: Int { get }
  /// Whether the backward pass needs one more vector of H numbers of each time step,
  /// `LayerActivations.saved`.
  var savesActivation: Bool { get }

  /// The part of a time step after the products, for a shard: from sums to the new state.
  func activate(_ layer: LayerActivations, step: Int, shard: LayerShard, kernels: KernelSet)

  /// The gradient of `activate`.
  ///
  /// On entry `layer` holds the results of `activate`, and `gradient.hidden` is dL/dh_t without the
  /// part that comes directly from step t + 1, which is in `gradient.stateGradient`. On return
  /// `layer.gates` and `layer.separate` hold the gradients of the sums, and
  /// `gradient.stateGradient` dL/d(previous state) except for what flows through W_hh.
  func activateBackward(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, shard: LayerShard,
    kernels: KernelSet)
}

extension RecurrentCell {
  /// The forward pass of one time step for a shard.
  ///
  /// On entry `layer.gates` holds the input sums, with b_hh of the fused gates added unless they
  /// are normalized, and step t - 1 is complete for the shard's rows.
  func forward(
    _ layer: LayerActivations, step: Int, shard: LayerShard, weights: PackedRecurrentWeights,
    kernels: KernelSet
  ) {
    let hidden = layer.hidden(before: step, shard.rows)
    let fromEnd = !step.isMultiple(of: 2)
    let sums = layer.fusedGates(step, shard.rows)
    shard.forEachGateColumns(of: sums, fromEnd: fromEnd) { columns in
      kernels.multiply(
        hidden, by: weights.fused.columns(columns), into: sums.columns(columns), adding: true,
        fromEnd: fromEnd)
    }
    if let weight = weights.separate {
      let sums = layer.separate(step, shard.rows)
      shard.forEachGateColumns(of: sums, fromEnd: fromEnd) { columns in
        kernels.multiply(
          hidden, by: weight.columns(columns), bias: weights.separateBias.columns(columns),
          into: sums.columns(columns), fromEnd: fromEnd)
      }
    }
    weights.normalization?.apply(to: layer, step: step, shard: shard, kernels: kernels)
    activate(layer, step: step, shard: shard, kernels: kernels)
  }

  /// The backward pass of one time step for a shard.
  ///
  /// On entry `gradient.hidden` holds dL/dh_t from the layer above, `layer` the results of
  /// `forward`, and step t + 1 is complete for the shard's rows. On return `layer.gates` and
  /// `layer.separate` hold the gradients of the sums.
  /// - Parameter weights: packed for the backward pass.
  func backward(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, isLast: Bool,
    shard: LayerShard, weights: PackedRecurrentWeights, kernels: KernelSet
  ) {
    receiveGradient(
      layer, gradient, step: step, isLast: isLast, shard: shard, weights: weights, kernels: kernels)
    computeSumGradients(
      layer, gradient, step: step, isLast: isLast, shard: shard, weights: weights, kernels: kernels)
  }

  /// The second half of `backward`: from the gradient of the new state to those of the sums.
  func computeSumGradients(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, isLast: Bool,
    shard: LayerShard, weights: PackedRecurrentWeights, kernels: KernelSet
  ) {
    activateBackward(layer, gradient, step: step, shard: shard, kernels: kernels)
    weights.normalization?.applyBackward(
      layer, gradient, step: step, isLast: isLast, shard: shard, kernels: kernels)
  }

  /// The first half of `backward`: adds to `gradient.hidden` the gradient that flows from step t +
  /// 1 through W_hh. Nothing flows in from beyond the window's last step.
  func receiveGradient(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, isLast: Bool,
    shard: LayerShard, weights: PackedRecurrentWeights, kernels: KernelSet
  ) {
    if isLast {
      for row in shard.rows {
        (gradient.stateGradient.row(row) + shard.units.lowerBound)
          .update(repeating: 0, count: shard.units.count)
      }
      return
    }
    let hidden = gradient.hidden(step, shard.rows).columns(shard.units)
    let fromEnd = !step.isMultiple(of: 2)
    kernels.multiply(
      layer.fusedGates(step + 1, shard.rows), by: weights.fused.columns(shard.units),
      into: hidden, adding: true, fromEnd: fromEnd)
    if let weight = weights.separate {
      kernels.multiply(
        layer.separate(step + 1, shard.rows), by: weight.columns(shard.units), into: hidden,
        adding: true, fromEnd: fromEnd)
    }
  }
}

/// W_hh of one layer, packed for the forward pass (h to recurrent sums) or for the backward pass
/// (their gradients to dL/dh).
struct PackedRecurrentWeights {
  /// The rows of the fused gates.
  let fused: PackedMatrixView
  /// The rows of the separate gates, if the cell has any.
  let separate: PackedMatrixView?
  /// The initial value of the recurrent sums of the separate gates, [1 x (G - J) H]: b_hh, or 0 if
  /// they are normalized.
  let separateBias: MatrixView
  let normalization: LayerNormalization?
}

extension NetworkConfiguration {
  /// The cell of its layers.
  var recurrentCell: any RecurrentCell {
    switch cell {
    case .lstm: LSTMCell()
    case .coupledLSTM: LSTMCell(isCoupled: true)
    case .gru: GRUCell()
    case .rnn: ElmanCell(activation: activation ?? .tanh)
    }
  }
}
