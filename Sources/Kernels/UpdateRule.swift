/// How an optimizer turns a gradient g into a change of its parameter p, with PyTorch's formulas: the ones of
/// `torch.optim`, epsilon added outside the root.
public enum UpdateRule: Sendable, Equatable {
  /// Stochastic gradient descent. Without momentum `p -= rate g`; with it (Polyak 1964) `m = momentum m + g;
  /// p -= rate m`, or, as Nesterov (1983) has it in the form of Sutskever et al. (2013),
  /// `p -= rate (g + momentum m)`.
  case sgd(momentum: Double, isNesterov: Bool)
  /// RMSProp (Hinton 2012, "Neural networks for machine learning", lecture 6e):
  /// `m = smoothing m + (1 - smoothing) g^2; p -= rate g / (sqrt(m) + epsilon)`; with momentum the quotients
  /// are collected as the gradients of `sgd` are.
  case rmsProp(smoothing: Double, momentum: Double, epsilon: Double)
  /// Adagrad (Duchi, Hazan & Singer 2011): `m += g^2; p -= rate g / (sqrt(m) + epsilon)`.
  case adagrad(epsilon: Double)
  /// Adam (Kingma & Ba 2015, algorithm 1): `m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
  /// p -= rate m / (1 - beta1^step) / (sqrt(v / (1 - beta2^step)) + epsilon)`.
  case adam(beta1: Double, beta2: Double, epsilon: Double)

  /// The floats that each parameter needs for the rule's memory, all zero before the first update.
  public var momentCount: Int {
    switch self {
    case .sgd(let momentum, _): momentum == 0 ? 0 : 1
    case .rmsProp(_, let momentum, _): momentum == 0 ? 1 : 2
    case .adagrad: 1
    case .adam: 2
    }
  }
}
