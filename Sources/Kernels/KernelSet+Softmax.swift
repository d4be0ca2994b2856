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
