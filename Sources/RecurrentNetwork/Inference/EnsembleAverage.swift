import Glibc

/// The mean of several networks' probabilities, as logits.
///
/// ```
/// result_i = log( 1/M sum over m of softmax(logits_m)_i )
/// ```
package enum EnsembleAverage {
  /// - Parameters:
  ///   - logits: one row of V logits for each network.
  ///   - result: receives the logarithms of the mean probabilities, [V].
  package static func logits(
    _ logits: [UnsafePointer<Float>], count: Int, into result: UnsafeMutablePointer<Float>
  ) {
    let normalizers = logits.map { logSumExp(UnsafeBufferPointer(start: $0, count: count)) }
    for index in 0..<count {
      let terms = logits.indices.lazy.map { Double(logits[$0][index]) - normalizers[$0] }
      result[index] = Float(logMeanExp(terms))
    }
  }

  /// -log of the mean probability of one token.
  /// - Parameter nats: -log of its probability under each network.
  package static func nats(_ nats: some Collection<Double>) -> Double {
    -logMeanExp(nats.lazy.map { -$0 })
  }

  /// log(1/M sum exp(term))
  private static func logMeanExp(_ terms: some Collection<Double>) -> Double {
    logSumExp(terms) - log(Double(terms.count))
  }
}

/// log(sum exp(term)), with the greatest term subtracted before exponentiation; -infinity if there
/// are no terms.
func logSumExp(_ terms: some Collection<Double>) -> Double {
  let greatest = terms.max() ?? -.infinity
  guard greatest.isFinite else { return greatest }
  return greatest + log(terms.reduce(0) { $0 + exp($1 - greatest) })
}

/// The normalizer of a row of logits: a logit minus it is the logarithm of a probability.
package func logSumExp(_ logits: UnsafeBufferPointer<Float>) -> Double {
  logSumExp(logits.lazy.map(Double.init))
}
