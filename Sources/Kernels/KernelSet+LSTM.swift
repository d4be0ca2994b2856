import CKernels

extension KernelSet {
  /// The element-wise half of an LSTM step, for the rows of `gates` and the units `units`.
  /// - Parameters:
  ///   - isCoupled: whether the input gate is 1 - f.
  ///   - gates: [rows x 4H], the sums before activation in the order i, f, g, o, or [rows x 3H] in
  ///     the order f, g, o if coupled; receives the gates.
  ///   - previousCell: [rows x H].
  ///   - cell: [rows x H], receives c_t.
  ///   - cellTanh: [rows x H], receives tanh(c_t).
  ///   - hidden: [rows x H], receives h_t.
  ///   - units: the columns to compute, of each gate and state.
  public func lstmForward(
    isCoupled: Bool, gates: MatrixView, previousCell: MatrixView, cell: MatrixView,
    cellTanh: MatrixView, hidden: MatrixView, units: Range<Int>
  ) {
    assert(gates.columnCount == (isCoupled ? 3 : 4) * hidden.columnCount)
    let first = units.lowerBound
    let forward = isCoupled ? table.pointee.coupled_lstm_forward : table.pointee.lstm_forward
    forward!(
      gates.start + first, previousCell.start + first, cell.start + first, cellTanh.start + first,
      hidden.start + first, gates.rowCount, hidden.columnCount, units.count)
  }

  /// The gradient of `lstmForward`.
  /// - Parameters:
  ///   - isCoupled: as in `lstmForward`.
  ///   - gates: the gates; receives the gradient of the sums before activation.
  ///   - previousCell: [rows x H], as in `lstmForward`.
  ///   - cellTanh: [rows x H], a result of `lstmForward`.
  ///   - hiddenGradient: [rows x H], dL/dhidden.
  ///   - cellGradient: [rows x H], dL/dcell from the next time step; receives dL/dpreviousCell.
  ///   - units: the columns to compute, of each gate and state.
  public func lstmBackward(
    isCoupled: Bool, gates: MatrixView, previousCell: MatrixView, cellTanh: MatrixView,
    hiddenGradient: MatrixView, cellGradient: MatrixView, units: Range<Int>
  ) {
    assert(gates.columnCount == (isCoupled ? 3 : 4) * cellTanh.columnCount)
    let first = units.lowerBound
    let backward = isCoupled ? table.pointee.coupled_lstm_backward : table.pointee.lstm_backward
    backward!(
      gates.start + first, previousCell.start + first, cellTanh.start + first,
      hiddenGradient.start + first, cellGradient.start + first, gates.rowCount,
      cellTanh.columnCount, units.count)
  }
}
