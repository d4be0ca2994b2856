/// One update of all parameters: clipping and decay, the optimizer's rule, and the average.
///
/// In this order, for each parameter p with the gradient g:
/// ```
/// g = gradientScale g                                clipping by norm
/// g = min(max(g, -clipValue), clipValue)             clipping by value
/// g = g + weightDecay p + l1 sign(p)                 or, if decoupled,
/// p = p - learningRate (weightDecay p + l1 sign(p))
/// p = rule(p, g)                                     UpdateRule
/// average = average + averageShare (p - average)
/// ```
public struct ParameterUpdate: Sendable, Equatable {
  /// The rule of the optimizer.
  public var rule: UpdateRule
  /// The rate of this update.
  public var learningRate: Double
  /// 1 for the first update.
  public var step: Int
  /// The factor for all gradients: below 1 if they are clipped by norm.
  public var gradientScale = 1.0
  /// The largest magnitude of a gradient; nil for none.
  public var clipValue: Double?
  /// L2: the derivative of `weightDecay / 2 |p|^2`.
  public var weightDecay = 0.0
  /// The derivative of `l1 |p|`.
  public var l1 = 0.0
  /// Whether decay bypasses the rule (Loshchilov & Hutter 2019, "Decoupled weight decay
  /// regularization").
  public var isDecayDecoupled = false
  /// The new parameters' share in their average; 1 makes the average a copy.
  public var averageShare = 1.0

  /// Creates an update without clipping, decay and averages.
  public init(rule: UpdateRule, learningRate: Double, step: Int) {
    self.rule = rule
    self.learningRate = learningRate
    self.step = step
  }
}
