import CKernels

/// The function that an Elman RNN applies to its sums.
public enum Activation: String, Sendable, Codable, CaseIterable {
  case tanh, relu
  /// 1 / (1 + e^-x), as in Elman's paper; PyTorch's `nn.RNN` does not offer it.
  case sigmoid

  var code: charlm_activation {
    switch self {
    case .tanh: charlm_activation_tanh
    case .relu: charlm_activation_relu
    case .sigmoid: charlm_activation_sigmoid
    }
  }
}
