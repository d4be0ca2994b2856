import CKernels

/// The function that an Elman RNN applies to its sums.
public enum Activation: String, Sendable, Codable, CaseIterable {
  case tanh, relu
  /// 1 / (1 + e^-x), as in Elman 1990; PyTorch's `nn.RNN` does not have it.
  case sigmoid

  fileprivate var code: charlm_activation {
    switch self {
    case .tanh: charlm_activation_tanh
    case .relu: charlm_activation_relu
    case .sigmoid: charlm_activation_sigmoid
    }
  }
}

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
  ///   - hidden: [rows x H], the result of `elmanForward`.
  ///   - hiddenGradient: [rows x H], dL/dhidden.
  ///   - units: the columns to compute.
  ///   - activation: that of `elmanForward`.
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
