import CKernels

extension KernelSet {
  /// mask[i] is 0 with probability `rate` and else 1 / (1 - rate): two elements from each number of
  /// `stream`, so the rate is taken in steps of 2^-32. Every instruction set draws the same.
  /// - Precondition: `rate` is in 0 ..< 1.
  public func drawMask(
    _ mask: UnsafeMutablePointer<Float>, count: Int, rate: Double, stream: RandomStream
  ) {
    precondition(rate >= 0 && rate < 1, "a share to drop is below 1")
    table.pointee.draw_mask(
      mask, count, stream.state, UInt32(rate * 0x1p32), Float(1 / (1 - rate)))
  }

  /// destination += a * b, element by element.
  public func addProducts(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    to destination: UnsafeMutablePointer<Float>, count: Int
  ) {
    table.pointee.add_products(destination, a, b, count)
  }

  /// values *= factor, element by element.
  public func scale(_ values: UnsafeMutablePointer<Float>, by factor: Float, count: Int) {
    table.pointee.scale_elements(values, factor, count)
  }
}

extension KernelSet {
  /// Fills `weights` with what the probabilities of a row of logits are in proportion to,
  ///
  /// ```
  /// exp(max(logit - largest, -100))
  /// ```
  ///
  /// by this set's own exponential, so that the bits of finite logits decide all of it.
  package func softmaxWeights(
    of logits: UnsafeBufferPointer<Float>, into weights: inout [Float]
  ) {
    let largest = logits.max() ?? 0
    weights.removeAll(keepingCapacity: true)
    for logit in logits { weights.append(max(logit - largest, -100)) }
    weights.withUnsafeMutableBufferPointer {
      guard let start = $0.baseAddress else { return }
      map(.exponential, start, into: start, count: $0.count)
    }
  }
}
