import CKernels

extension KernelSet {
  /// The element-wise half of a GRU step, for the rows of `gates` and the units `units`.
  /// - Parameters:
  ///   - gates: [rows x 3H], the sums before activation in the order r, z, n, that of n without its
  ///     recurrent part; receives the gates.
  ///   - recurrentCandidate: [rows x H], the recurrent part of n: W_hn h + b_hn.
  ///   - previousHidden: [rows x H].
  ///   - hidden: [rows x H], receives the new hidden state.
  ///   - units: the columns to compute, of each gate and state.
  public func gruForward(
    gates: MatrixView, recurrentCandidate: MatrixView, previousHidden: MatrixView,
    hidden: MatrixView, units: Range<Int>
  ) {
    assert(gates.columnCount == 3 * hidden.columnCount)
    let first = units.lowerBound
    table.pointee.gru_forward(
      gates.start + first, recurrentCandidate.start + first, previousHidden.start + first,
      hidden.start + first, gates.rowCount, hidden.columnCount, units.count)
  }

  /// The gradient of `gruForward`.
  /// - Parameters:
  ///   - gates: [rows x 3H], the gates; receives the gradient of the sums before activation.
  ///   - recurrentCandidate: [rows x H], as in `gruForward`; receives its gradient.
  ///   - previousHidden: [rows x H], as in `gruForward`.
  ///   - hiddenGradient: [rows x H], dL/dhidden without the part in `stateGradient`.
  ///   - stateGradient: [rows x H], the part of dL/dhidden that bypasses the gates and W_hh of the
  ///     next time step; receives the same part of dL/dpreviousHidden.
  ///   - units: the columns to compute, of each gate and state.
  public func gruBackward(
    gates: MatrixView, recurrentCandidate: MatrixView, previousHidden: MatrixView,
    hiddenGradient: MatrixView, stateGradient: MatrixView, units: Range<Int>
  ) {
    assert(gates.columnCount == 3 * previousHidden.columnCount)
    let first = units.lowerBound
    table.pointee.gru_backward(
      gates.start + first, recurrentCandidate.start + first, previousHidden.start + first,
      hiddenGradient.start + first, stateGradient.start + first, gates.rowCount,
      previousHidden.columnCount, units.count)
  }
}
