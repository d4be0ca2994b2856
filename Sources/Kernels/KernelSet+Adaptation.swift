import CKernels

extension KernelSet {
  /// One step of dynamic evaluation for `range` of the parameters: for each parameter p with the gradient g and
  /// the root r of its gradients' mean square
  ///
  /// ```
  /// p += min(decay r, 1) (trained - p) - learningRate g / (r + epsilon)
  /// ```
  ///
  /// Krause, Kahembwe, Murray & Renals 2018, "Dynamic evaluation of neural sequence models", equations 5 and 6.
  /// - Parameters:
  ///   - trained: the parameters that decay leads back to.
  ///   - roots: the roots of the gradients' mean squares.
  ///   - epsilon: above 0.
  public func adapt(
    _ parameters: UnsafeMutablePointer<Float>, range: Range<Int>, gradients: UnsafePointer<Float>,
    trained: UnsafePointer<Float>, roots: UnsafePointer<Float>, learningRate: Double,
    epsilon: Double, decay: Double
  ) {
    let first = range.lowerBound
    table.pointee.adapt(
      charlm_adaptation_buffers(
        parameters: parameters + first, gradients: gradients + first, trained: trained + first,
        roots: roots + first),
      range.count,
      charlm_adaptation_step(
        learning_rate: Float(learningRate), epsilon: Float(epsilon), decay: Float(decay)))
  }
}
