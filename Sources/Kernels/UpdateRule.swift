/// How an optimizer turns a gradient g into a change of its parameter p.
///
/// The formulas are those of `torch.optim`, with epsilon added outside the root. `ParameterUpdate`
/// has the steps before and after the rule; `ParameterUpdates.h` computes both.
public enum UpdateRule: Sendable, Equatable {
  /// Stochastic gradient descent.
  ///
  /// Without momentum `p -= rate g`. With momentum (Polyak 1964) `m = momentum m + g; p -= rate m`,
  /// or, in Nesterov's variant (1983, in the form of Sutskever et al. 2013), `p -= rate (g +
  /// momentum m)`.
  case sgd(momentum: Double, isNesterov: Bool)
  /// RMSProp (Hinton 2012, "Neural networks for machine learning", lecture 6e).
  ///
  /// `m = smoothing m + (1 - smoothing) g^2; p -= rate g / (sqrt(m) + epsilon)`. With momentum `v =
  /// momentum v + g / (sqrt(m) + epsilon); p -= rate v`.
  case rmsProp(smoothing: Double, momentum: Double, epsilon: Double)
  /// Adagrad (Duchi, Hazan & Singer 2011): `m += g^2; p -= rate g / (sqrt(m) + epsilon)`.
  case adagrad(epsilon: Double)
  /// Adam (Kingma & Ba 2015, algorithm 1).
  ///
  /// `m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; p -= rate m / (1 - beta1^step) /
  /// (sqrt(v / (1 - beta2^step)) + epsilon)`.
  case adam(beta1: Double, beta2: Double, epsilon: Double)

  /// The number of moments that the rule keeps of each parameter, all zero before the first update.
  public var momentCount: Int {
    switch self {
    case .sgd(let momentum, _): momentum == 0 ? 0 : 1
    case .rmsProp(_, let momentum, _): momentum == 0 ? 1 : 2
    case .adagrad: 1
    case .adam: 2
    }
  }
}
