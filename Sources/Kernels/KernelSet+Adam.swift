import CKernels

/// The constants of one Adam update (Kingma & Ba 2015, algorithm 1).
public struct AdamStep: Sendable {
  public var learningRate: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// 1 for the first update.
  public var step: Int
  /// What the gradients are multiplied with first: below 1 where they are clipped.
  public var gradientScale: Double

  public init(
    learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, step: Int,
    gradientScale: Double
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.step = step
    self.gradientScale = gradientScale
  }
}

extension KernelSet {
  /// Updates `range` of the parameters and of their two moments in one pass; epsilon is added outside the
  /// root, as in PyTorch.
  public func adam(
    _ step: AdamStep, range: Range<Int>, parameters: UnsafeMutablePointer<Float>,
    gradients: UnsafePointer<Float>, firstMoments: UnsafeMutablePointer<Float>,
    secondMoments: UnsafeMutablePointer<Float>
  ) {
    let constants = charlm_adam_step(
      learning_rate: Float(step.learningRate), beta1: Float(step.beta1), beta2: Float(step.beta2),
      epsilon: Float(step.epsilon),
      bias_correction1: Float(1 - power(step.beta1, step.step)),
      bias_correction2: Float(1 - power(step.beta2, step.step)),
      gradient_scale: Float(step.gradientScale))
    let first = range.lowerBound
    table.adam(
      parameters + first, gradients + first, firstMoments + first, secondMoments + first,
      range.count, constants)
  }
}

/// `base` to a whole power, by squaring: the same bits on every platform.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var result = 1.0
  var square = base
  var rest = exponent
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
