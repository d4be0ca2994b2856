/// One update of all parameters: what is done to the gradients, the optimizer's rule, and the average.
///
/// In this order, each parameter p with the gradient g:
/// ```
/// g = gradientScale g                          clipping by norm
/// g = min(max(g, -clipValue), clipValue)       clipping by value
/// g = g + weightDecay p + l1 sign(p)           or, if decoupled,
/// p = p - rate (weightDecay p + l1 sign(p))
/// p = rule(p, g)
/// average = average + averageShare (p - average)
/// ```
public struct ParameterUpdate: Sendable, Equatable {
  public var rule: UpdateRule
  public var learningRate: Double
  /// 1 for the first update.
  public var step: Int
  /// What the gradients are multiplied with first: below 1 where they are clipped.
  public var gradientScale = 1.0
  /// The largest magnitude of a gradient; nil for none.
  public var clipValue: Double?
  /// L2: the derivative of `weightDecay / 2 |p|^2`.
  public var weightDecay = 0.0
  /// The derivative of `l1 |p|`.
  public var l1 = 0.0
  /// Whether decay bypasses the rule (Loshchilov & Hutter 2019, "Decoupled weight decay regularization").
  public var isDecayDecoupled = false
  /// The new parameters' share in their average; 1 makes it a copy.
  public var averageShare = 1.0

  public init(rule: UpdateRule, learningRate: Double, step: Int) {
    self.rule = rule
    self.learningRate = learningRate
    self.step = step
  }
}
