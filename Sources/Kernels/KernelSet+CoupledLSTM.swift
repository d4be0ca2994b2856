import CKernels

extension KernelSet {
  /// The element-wise half of a step of a coupled LSTM, for the rows of `gates` and the units
  /// `units`.
  /// - Parameters:
  ///   - gates: [rows x 3H], the sums before activation in the order f, g, o; receives the gates.
  ///   - previousCell, cell, cellTanh, hidden: [rows x H]; the last three receive the results.
  public func coupledLSTMForward(
    gates: MatrixView, previousCell: MatrixView, cell: MatrixView, cellTanh: MatrixView,
    hidden: MatrixView, units: Range<Int>
  ) {
    assert(gates.columnCount == 3 * hidden.columnCount)
    let first = units.lowerBound
    table.pointee.coupled_lstm_forward(
      gates.start + first, previousCell.start + first, cell.start + first, cellTanh.start + first,
      hidden.start + first, gates.rowCount, hidden.columnCount, units.count)
  }

  /// The gradient of `coupledLSTMForward`.
  /// - Parameters:
  ///   - gates: [rows x 3H], the gates; receives the gradient of the sums before activation.
  ///   - hiddenGradient: [rows x H], dL/dhidden.
  ///   - cellGradient: [rows x H], dL/dcell from the next time step; receives dL/dpreviousCell.
  public func coupledLSTMBackward(
    gates: MatrixView, previousCell: MatrixView, cellTanh: MatrixView, hiddenGradient: MatrixView,
    cellGradient: MatrixView, units: Range<Int>
  ) {
    assert(gates.columnCount == 3 * cellTanh.columnCount)
    let first = units.lowerBound
    table.pointee.coupled_lstm_backward(
      gates.start + first, previousCell.start + first, cellTanh.start + first,
      hiddenGradient.start + first, cellGradient.start + first, gates.rowCount,
      cellTanh.columnCount, units.count)
  }
}
