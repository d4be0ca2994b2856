import Kernels

/// What one layer computes in a window of T steps and B rows, stored step by step; views into the memory
/// of a `ForwardPass`. What a cell does not need is nil (`RecurrentCell`).
struct LayerActivations {
  /// B
  let batchSize: Int
  /// [T B x G H]: sums, then gates, then the gradients of the input sums.
  let gates: MatrixView
  /// [T B x (G - J) H]: the recurrent sums of the separate gates, then their gradients.
  let separate: MatrixView?
  /// [(T + 1) B x H]; the first B rows are the state before the window.
  let hidden: MatrixView
  /// [(T + 1) B x H], the second state vector; the first B rows are the state before the window.
  let cell: MatrixView?
  /// [T B x H]: what else the cell wants to know again on the way back.
  let saved: MatrixView?

  func gates(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    gates.block(step, of: batchSize).rows(rows)
  }

  /// The columns of `gates` whose recurrent sums are not separate.
  var fusedGates: MatrixView {
    gates.columns(0..<gates.columnCount - (separate?.columnCount ?? 0))
  }

  func fusedGates(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    fusedGates.block(step, of: batchSize).rows(rows)
  }

  func separate(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    separate!.block(step, of: batchSize).rows(rows)
  }

  /// h_{step - 1}: what step `step` starts from.
  func hidden(before step: Int, _ rows: Range<Int>) -> MatrixView {
    hidden.block(step, of: batchSize).rows(rows)
  }

  /// c_{step - 1}: what step `step` starts from.
  func cell(before step: Int, _ rows: Range<Int>) -> MatrixView {
    cell!.block(step, of: batchSize).rows(rows)
  }

  func saved(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    saved!.block(step, of: batchSize).rows(rows)
  }

  /// What each of the first `stepCount` steps starts from, [stepCount B x H].
  func hiddenBefore(stepCount: Int) -> MatrixView {
    hidden.rows(0..<stepCount * batchSize)
  }

  /// What each of the first `stepCount` steps ends with, [stepCount B x H].
  func hiddenAfter(stepCount: Int) -> MatrixView {
    hidden.rows(batchSize..<(stepCount + 1) * batchSize)
  }

  /// The state vectors after `stepCount` steps (0: before the window), each [B x H].
  func state(after stepCount: Int) -> [MatrixView] {
    [hidden, cell].compactMap { $0?.block(stepCount, of: batchSize) }
  }
}

/// The gradients of the layer that is on its way back; every layer uses the same memory in turn.
struct LayerGradients {
  /// B
  let batchSize: Int
  /// [T B x H], dL/dh_t, less what is in `stateGradient`.
  let hidden: MatrixView
  /// [B x H], what a step hands to the one before without a product.
  let stateGradient: MatrixView

  func hidden(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    hidden.block(step, of: batchSize).rows(rows)
  }
}
