import Glibc

/// log(sum exp(term)), the greatest taken out before exponents are taken; of no terms -infinity.
func logSumExp(_ terms: some Collection<Double>) -> Double {
  let greatest = terms.max() ?? -.infinity
  guard greatest.isFinite else { return greatest }
  return greatest + log(terms.reduce(0) { $0 + exp($1 - greatest) })
}

/// What is to be subtracted from each of a row of logits to make it the logarithm of a probability.
package func logSumExp(_ logits: UnsafeBufferPointer<Float>) -> Double {
  logSumExp(logits.lazy.map(Double.init))
}
