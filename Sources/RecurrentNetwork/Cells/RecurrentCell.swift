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
/// The first J gates are *fused*: only the total of both sums matters. The others, always the last blocks,
/// are *separate*: the cell does something to their recurrent sums first, so both sums and their gradients
/// are stored, and b_hh belongs to the recurrent one.
protocol RecurrentCell: Sendable {
  /// G
  var gateCount: Int { get }
  /// G - J
  var separateGateCount: Int { get }
  /// How many vectors of H numbers a layer hands from one step to the next: h, or h and c.
  var stateVectorCount: Int { get }
  /// Whether the way back needs one more vector of H numbers of each step, `LayerActivations.saved`.
  var savesActivation: Bool { get }
  /// The gate that lets the former state through, if one decides that alone: its `bias_ih` starts training
  /// with another value than 0 (`Initialization.forgetBias`).
  var forgetGate: Int? { get }

  /// The step `step` of a part of the layer after its products: from sums to the new state.
  func activate(_ layer: LayerActivations, step: Int, shard: LayerShard, kernels: KernelSet)

  /// The gradient of `activate`. On entry `layer` holds what that left, `gradient.hidden` dL/dh_t less what
  /// the later step handed over in `gradient.stateGradient`. On return `layer.gates` and `layer.separate` hold the
  /// gradients of the sums, and `gradient.stateGradient` dL/d(previous state) but for what flows through W_hh.
  func activateBackward(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, shard: LayerShard,
    kernels: KernelSet)
}

extension RecurrentCell {
  /// One step of a part of the layer. On entry `layer.gates` holds the input sums, with b_hh of the joined
  /// gates added, and the whole step before is done for the part's rows.
  func forward(
    _ layer: LayerActivations, step: Int, shard: LayerShard, weights: PackedRecurrentWeights,
    kernels: KernelSet
  ) {
    let hidden = layer.hidden(before: step, shard.rows)
    let fromEnd = !step.isMultiple(of: 2)
    let sums = layer.fusedGates(step, shard.rows)
    shard.forEachGateColumns(gateCount - separateGateCount, fromEnd: fromEnd) { columns in
      kernels.multiply(
        hidden, by: weights.fused.columns(columns), into: sums.columns(columns), adding: true,
        fromEnd: fromEnd)
    }
    if let weight = weights.separate {
      let sums = layer.separate(step, shard.rows)
      shard.forEachGateColumns(separateGateCount, fromEnd: fromEnd) { columns in
        kernels.multiply(
          hidden, by: weight.columns(columns), bias: weights.separateBias.columns(columns),
          into: sums.columns(columns), fromEnd: fromEnd)
      }
    }
    activate(layer, step: step, shard: shard, kernels: kernels)
  }

  /// One step of a part of the layer on the way back. On entry `gradient.hidden` holds dL/dh_t from above,
  /// `layer` what `forward` left, and the whole step after is done for the part's rows; on return
  /// `layer.gates` and `layer.separate` hold the gradients of the sums. Nothing flows in from beyond the
  /// window's end.
  /// - Parameters:
  ///   - weights: those of the way back.
  ///   - observe: is called before the step is differentiated, when `stateGradients` can be asked for.
  func backward(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, isLast: Bool,
    shard: LayerShard, weights: PackedRecurrentWeights, kernels: KernelSet,
    observe: (() -> Void)? = nil
  ) {
    if isLast {
      for row in shard.rows {
        (gradient.stateGradient.row(row) + shard.units.lowerBound)
          .update(repeating: 0, count: shard.units.count)
      }
    } else {
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
    observe?()
    activateBackward(layer, gradient, step: step, shard: shard, kernels: kernels)
  }
}

/// W_hh of one layer, packed for one direction: h to recurrent sums, or their gradients to dL/dh. The gates
/// that a cell keeps apart (`RecurrentCell`) have a matrix of their own.
struct PackedRecurrentWeights {
  let fused: PackedMatrixView
  /// Where the cell has separate gates.
  let separate: PackedMatrixView?
  /// b_hh of the separate gates, [1 x (G - J) H].
  let separateBias: MatrixView
}

extension CellKind {
  /// The cell of this kind: the only place that distinguishes kinds of cells by type.
  /// - Parameter activation: of an Elman RNN; nil means tanh.
  func recurrentCell(activation: Activation?) -> any RecurrentCell {
    switch self {
    case .lstm: LSTMCell()
    case .gru: GRUCell()
    case .rnn: ElmanCell(activation: activation ?? .tanh)
    }
  }
}

extension NetworkConfiguration {
  /// The cell of every layer.
  var recurrentCell: any RecurrentCell { cell.recurrentCell(activation: activation) }
}
