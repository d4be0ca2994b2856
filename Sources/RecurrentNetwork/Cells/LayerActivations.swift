import Kernels

/// The activations of one layer in a window, time step by time step: views into the memory of a
/// `ForwardPass`. Those that a cell does not need are nil (`RecurrentCell`).
struct LayerActivations {
  /// B
  let batchSize: Int
  /// [T B x G H]: the sums, then the gates, then the gradients of the input sums.
  let gates: MatrixView
  /// [T B x (G - J) H]: the recurrent sums of the separate gates, then their gradients.
  let separate: MatrixView?
  /// [(T + 1) B x H]; the first B rows are the state before the window.
  let hidden: MatrixView
  /// [(T + 1) B x H], the second state vector; the first B rows are the state before the window.
  let cell: MatrixView?
  /// [T B x H]: an additional activation saved for the backward pass.
  let saved: MatrixView?
  /// Of `gates` and of `separate`, if the backward pass needs them.
  let normalizedGates, normalizedSeparate: NormalizedSums?

  func gates(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    gates.block(step, of: batchSize).rows(rows)
  }

  /// The columns of `gates` that belong to the fused gates.
  var fusedGates: MatrixView {
    gates.columns(0..<gates.columnCount - (separate?.columnCount ?? 0))
  }

  func fusedGates(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    fusedGates.block(step, of: batchSize).rows(rows)
  }

  func separate(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    separate!.block(step, of: batchSize).rows(rows)
  }

  /// h_{step - 1}, from which step `step` starts.
  func hidden(before step: Int, _ rows: Range<Int>) -> MatrixView {
    hidden.block(step, of: batchSize).rows(rows)
  }

  /// c_{step - 1}, from which step `step` starts.
  func cell(before step: Int, _ rows: Range<Int>) -> MatrixView {
    cell!.block(step, of: batchSize).rows(rows)
  }

  func saved(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    saved!.block(step, of: batchSize).rows(rows)
  }

  func normalizedGates(_ step: Int, _ rows: Range<Int>) -> NormalizedSums? {
    normalizedGates?.block(step, of: batchSize).rows(rows)
  }

  func normalizedSeparate(_ step: Int, _ rows: Range<Int>) -> NormalizedSums? {
    normalizedSeparate?.block(step, of: batchSize).rows(rows)
  }

  /// The hidden state before each of the first `stepCount` steps, [stepCount B x H].
  func hiddenBefore(stepCount: Int) -> MatrixView {
    hidden.rows(0..<stepCount * batchSize)
  }

  /// The hidden state after each of the first `stepCount` steps, [stepCount B x H].
  func hiddenAfter(stepCount: Int) -> MatrixView {
    hidden.rows(batchSize..<(stepCount + 1) * batchSize)
  }

  /// The state vectors after `stepCount` steps (0: before the window), each [B x H].
  func state(after stepCount: Int) -> [MatrixView] {
    [hidden, cell].compactMap { $0?.block(stepCount, of: batchSize) }
  }
}

/// The gradients of the layer in its backward pass; all layers use the same memory, one after the
/// other.
struct LayerGradients {
  /// B
  let batchSize: Int
  /// [T B x H]: the gradient of the layer's output. In a residual network it stays complete for the
  /// layer below; in others `hidden` has the same memory.
  let output: MatrixView
  /// [T B x H]: dL/dh_t without the part in `stateGradient`.
  let hidden: MatrixView
  /// [B x H]: the gradient that a time step hands to the previous one without a product.
  let stateGradient: MatrixView
  /// Of the normalization of `LayerActivations.gates` and of `separate`; nil if not needed.
  let normalizationOfGates, normalizationOfSeparate: NormalizationGradients?

  func hidden(_ step: Int, _ rows: Range<Int>) -> MatrixView {
    hidden.block(step, of: batchSize).rows(rows)
  }
}
