import CKernels

extension KernelSet {
  /// hidden = activation(sums) for the units `units`, each [rows x H] without gaps.
  public func elmanForward(
    sums: MatrixView, hidden: MatrixView, units: Range<Int>, activation: Activation
  ) {
    assert(sums.count == hidden.count)
    let first = units.lowerBound
    table.pointee.elman_forward(
      sums.start + first, hidden.start + first, hidden.rowCount, hidden.columnCount, units.count,
      activation.code)
  }

  /// The gradient of `elmanForward`.
  /// - Parameters:
  ///   - gradient: [rows x H]; receives the gradient of the sums.
  ///   - hidden: [rows x H], what `elmanForward` gave.
  ///   - hiddenGradient: [rows x H], dL/dhidden.
  public func elmanBackward(
    gradient: MatrixView, hidden: MatrixView, hiddenGradient: MatrixView, units: Range<Int>,
    activation: Activation
  ) {
    assert(gradient.count == hidden.count && hiddenGradient.count == hidden.count)
    let first = units.lowerBound
    table.pointee.elman_backward(
      gradient.start + first, hidden.start + first, hiddenGradient.start + first, hidden.rowCount,
      hidden.columnCount, units.count, activation.code)
  }
}
