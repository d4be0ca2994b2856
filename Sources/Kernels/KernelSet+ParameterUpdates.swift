import CKernels

extension KernelSet {
  /// Updates `range` of the parameters, of their moments and of their average in one pass.
  ///
  /// All arrays have a float for each parameter.
  /// - Parameters:
  ///   - update: the rule and its numbers for this step.
  ///   - range: the positions to update.
  ///   - parameters: the parameters, which are updated.
  ///   - gradients: dL/dparameters.
  ///   - firstMoments: nil if the rule has none (`UpdateRule.momentCount`).
  ///   - secondMoments: nil if the rule has none.
  ///   - averages: the average of the parameters, if one is kept.
  public func update(
    _ update: ParameterUpdate, range: Range<Int>, parameters: UnsafeMutablePointer<Float>,
    gradients: UnsafePointer<Float>, firstMoments: UnsafeMutablePointer<Float>? = nil,
    secondMoments: UnsafeMutablePointer<Float>? = nil,
    averages: UnsafeMutablePointer<Float>? = nil
  ) {
    let momentCount = update.rule.momentCount
    precondition(momentCount < 1 || firstMoments != nil, "the rule needs a moment")
    precondition(momentCount < 2 || secondMoments != nil, "the rule needs two moments")
    let first = range.lowerBound
    kernel(of: update.rule)(
      charlm_update_buffers(
        parameters: parameters + first, gradients: gradients + first,
        first_moments: firstMoments.map { $0 + first },
        second_moments: secondMoments.map { $0 + first },
        averages: averages.map { $0 + first }),
      range.count, charlm_update_step(update))
  }

  /// One step of dynamic evaluation for `range` of the parameters.
  ///
  /// For each parameter p with the gradient g and the root r of its gradients' mean square:
  ///
  /// ```
  /// p += min(decay r, 1) (trained - p) - learningRate g / (r + epsilon)
  /// ```
  ///
  /// Krause, Kahembwe, Murray & Renals 2018, "Dynamic evaluation of neural sequence models",
  /// equations 5 and 6. All arrays have a float for each parameter.
  /// - Parameters:
  ///   - parameters: the parameters, which are updated.
  ///   - range: the positions to update.
  ///   - gradients: dL/dparameters.
  ///   - trained: the parameters that decay leads back to.
  ///   - roots: r, not negative.
  ///   - learningRate: that of the formula.
  ///   - epsilon: above 0.
  ///   - decay: that of the formula, at least 0.
  public func adapt(
    _ parameters: UnsafeMutablePointer<Float>, range: Range<Int>,
    gradients: UnsafePointer<Float>, trained: UnsafePointer<Float>, roots: UnsafePointer<Float>,
    learningRate: Double, epsilon: Double, decay: Double
  ) {
    let first = range.lowerBound
    table.pointee.adapt(
      parameters + first, gradients + first, trained + first, roots + first, range.count,
      Float(learningRate), Float(epsilon), Float(decay))
  }

  private func kernel(
    of rule: UpdateRule
  ) -> @convention(c) (charlm_update_buffers, Int, charlm_update_step) -> Void {
    switch rule {
    case .sgd(momentum: 0, _): table.pointee.sgd
    case .sgd(_, isNesterov: false): table.pointee.momentum
    case .sgd(_, isNesterov: true): table.pointee.nesterov
    case .rmsProp(_, momentum: 0, _): table.pointee.rmsprop
    case .rmsProp: table.pointee.rmsprop_momentum
    case .adagrad: table.pointee.adagrad
    case .adam: table.pointee.adam
    }
  }
}

extension charlm_update_step {
  fileprivate init(_ update: ParameterUpdate) {
    self.init()
    gradient_scale = Float(update.gradientScale)
    clip_value = update.clipValue.map { Float($0) } ?? .infinity
    if update.isDecayDecoupled {
      decoupled_weight_decay = Float(update.learningRate * update.weightDecay)
      decoupled_l1 = Float(update.learningRate * update.l1)
    } else {
      weight_decay = Float(update.weightDecay)
      l1 = Float(update.l1)
    }
    average_share = Float(update.averageShare)
    learning_rate = Float(update.learningRate)
    switch update.rule {
    case .sgd(let momentum, _):
      decay1 = Float(momentum)
    case .rmsProp(let smoothing, let momentum, let epsilon):
      decay1 = Float(momentum)
      setSquareDecay(smoothing, epsilon: epsilon)
    case .adagrad(let epsilon):
      self.epsilon = Float(epsilon)
    case .adam(let beta1, let beta2, let epsilon):
      decay1 = Float(beta1)
      share1 = Float(1 - beta1)
      setSquareDecay(beta2, epsilon: epsilon)
      bias_correction1 = Float(1 - power(beta1, update.step))
      bias_correction2 = Float(1 - power(beta2, update.step))
    }
  }

  private mutating func setSquareDecay(_ decay: Double, epsilon: Double) {
    decay2 = Float(decay)
    share2 = Float(1 - decay)
    self.epsilon = Float(epsilon)
  }
}

/// `base` to an integer power, by squaring: the same bits on every platform.
package func power(_ base: Double, _ exponent: Int) -> Double {
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
