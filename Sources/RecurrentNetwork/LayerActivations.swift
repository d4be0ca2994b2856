import Kernels

/// What one layer computes in a window of T steps and B rows, stored step by step; views into the memory
/// of a `ForwardPass`.
struct LayerActivations {
  /// B
  let batchSize: Int
  /// [T B x G H]
  let gates: MatrixView
  /// [(T + 1) B x H]; the first B rows are the state before the window.
  let hidden: MatrixView
  /// [(T + 1) B x H]; the first B rows are the state before the window.
  let cell: MatrixView
  /// [T B x H]
  let cellTanh: MatrixView

  func gates(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    gates.block(step, of: batchSize).rows(rows)
  }

  /// h_{step - 1}: what step `step` starts from.
  func hidden(before step: Int, _ rows: Range<Int>) -> MatrixView {
    hidden.block(step, of: batchSize).rows(rows)
  }

  /// c_{step - 1}: what step `step` starts from.
  func cell(before step: Int, _ rows: Range<Int>) -> MatrixView {
    cell.block(step, of: batchSize).rows(rows)
  }

  func cellTanh(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    cellTanh.block(step, of: batchSize).rows(rows)
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
    [hidden.block(stepCount, of: batchSize), cell.block(stepCount, of: batchSize)]
  }
}

/// The gradients of the layer that is on its way back; every layer uses the same memory in turn.
struct LayerGradients {
  /// B
  let batchSize: Int
  /// [T B x H], dL/dh_t
  let hidden: MatrixView
  /// [B x H], dL/dc_t
  let cell: MatrixView

  func hidden(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    hidden.block(step, of: batchSize).rows(rows)
  }
}
