/// What a simple recurrent network applies to its sums.
public enum Activation: String, Sendable, Codable, CaseIterable {
  case tanh, relu
  /// 1 / (1 + e^-x), as Elman's; PyTorch's `nn.RNN` does not have it.
  case sigmoid
}
