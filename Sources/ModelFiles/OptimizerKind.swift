/// How gradients change weights; formulas and papers stand with `UpdateRule`.
public enum OptimizerKind: String, Sendable, Codable, CaseIterable {
  case adam
  /// Adam whose decay bypasses the moments.
  case adamW = "adamw"
  case rmsProp = "rmsprop"
  case adagrad
  /// Stochastic gradient descent, with momentum if asked for.
  case sgd
}
