/// How gradients change weights; formulas and papers stand with `UpdateRule`.
public enum OptimizerKind: String, Sendable, Codable, CaseIterable {
  case adam
  /// Adam whose decay bypasses the moments.
  case adamW = "adamw"
  case rmsProp = "rmsprop"
  case adagrad
  /// Stochastic gradient descent, with momentum if asked for.
  case sgd

  /// A peak learning rate to begin with: that of SGD and RMSProp is for no momentum, and their steps grow
  /// `1 / (1 - momentum)` times as long with it.
  public var defaultLearningRate: Double {
    switch self {
    case .adam, .adamW, .rmsProp: 0.004
    case .adagrad: 0.1
    case .sgd: 10
    }
  }
}
