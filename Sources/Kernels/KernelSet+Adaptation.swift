import CKernels

/// One step of dynamic evaluation, for each parameter p with the gradient g and the root r of its gradients'
/// mean square (Krause, Kahembwe, Murray & Renals 2018, "Dynamic evaluation of neural sequence models",
/// equations 5 and 6):
///
/// ```
/// p += min(decay r, 1) (trained - p) - learningRate g / (r + epsilon)
/// ```
public struct AdaptationStep: Sendable, Equatable {
  public var learningRate: Double
  /// Above 0.
  public var epsilon: Double
  public var decay: Double

  public init(learningRate: Double, epsilon: Double, decay: Double) {
    self.learningRate = learningRate
    self.epsilon = epsilon
    self.decay = decay
  }
}

/// The floats that an adaptation reads and writes, one of each run for each parameter.
public struct AdaptationBuffers {
  public var parameters: UnsafeMutablePointer<Float>
  public var gradients: UnsafePointer<Float>
  /// The parameters that decay leads back to.
  public var trained: UnsafePointer<Float>
  /// The roots of the gradients' mean squares.
  public var roots: UnsafePointer<Float>

  public init(
    parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    trained: UnsafePointer<Float>, roots: UnsafePointer<Float>
  ) {
    self.parameters = parameters
    self.gradients = gradients
    self.trained = trained
    self.roots = roots
  }
}

extension KernelSet {
  /// Adapts `range` of the parameters.
  public func adapt(_ step: AdaptationStep, range: Range<Int>, of buffers: AdaptationBuffers) {
    let first = range.lowerBound
    table.pointee.adapt(
      charlm_adaptation_buffers(
        parameters: buffers.parameters + first, gradients: buffers.gradients + first,
        trained: buffers.trained + first, roots: buffers.roots + first),
      range.count,
      charlm_adaptation_step(
        learning_rate: Float(step.learningRate), epsilon: Float(step.epsilon),
        decay: Float(step.decay)))
  }
}
