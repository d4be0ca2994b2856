/// How the norm of a gradient falls with the distance from the loss, over many windows.
///
/// In each window the norms are divided by the one at distance 0. At each distance the median of the windows and
/// the quartiles are saved: a norm may be 0 in single precision, and a few windows that are very different do
/// not bend the curve, as they would a mean.
public struct GradientCurve: Sendable, Equatable {
  /// By distance, from 0, where it is 1.
  public let medians: [Double]
  public let lowerQuartiles: [Double]
  public let upperQuartiles: [Double]
  /// Windows that are in the curve: those without any gradient, where the prediction was certain and right,
  /// are not.
  public let windowCount: Int
  /// Whether there is a curve, and no norm of any window is infinite or not a number.
  public let isFinite: Bool

  /// - Parameter norms: [windows][distances].
  package init(norms: [[Double]]) {
    let relative = norms.compactMap { window -> [Double]? in
      guard let first = window.first, first != 0 else { return nil }
      return window.map { $0 / first }
    }
    windowCount = relative.count
    isFinite = windowCount > 0 && relative.allSatisfy { $0.allSatisfy(\.isFinite) }
    let distances = relative.first?.indices ?? 0..<0
    let sorted = distances.map { distance in relative.map { $0[distance] }.sorted() }
    medians = sorted.map { $0.quantile(0.5) }
    lowerQuartiles = sorted.map { $0.quantile(0.25) }
    upperQuartiles = sorted.map { $0.quantile(0.75) }
  }

  /// The smallest distance at which the median is at most `share`; nil where it never is.
  public func distance(ofFallTo share: Double) -> Int? {
    medians.firstIndex { $0 <= share }
  }
}

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
