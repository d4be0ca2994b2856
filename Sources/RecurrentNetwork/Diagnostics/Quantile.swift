extension [Double] {
  /// The quantile of an ascending array at a share from 0 to 1, linear between neighbors as in NumPy.
  /// - Precondition: the array is not empty.
  package func quantile(_ share: Double) -> Double {
    let position = share * Double(count - 1)
    let below = Int(position)
    let above = Swift.min(below + 1, count - 1)
    return self[below] + (self[above] - self[below]) * (position - Double(below))
  }
}
