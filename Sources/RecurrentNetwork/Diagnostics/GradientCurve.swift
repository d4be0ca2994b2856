/// How the norm of a gradient falls with the distance from the loss, over many windows.
///
/// In each window the norms are divided by the norm at distance 0. For each distance the median and
/// the quartiles of the windows are kept, not the mean: a norm may be 0 in single precision, and a
/// few very different windows do not bend a median.
public struct GradientCurve: Sendable, Equatable {
  /// By distance; 1 at distance 0.
  public let medians: [Double]
  /// By distance; a quarter of the windows is below.
  public let lowerQuartiles: [Double]
  /// By distance; a quarter of the windows is above.
  public let upperQuartiles: [Double]
  /// The number of windows in the curve. Windows without any gradient, where the prediction was
  /// certain and right, are not counted.
  public let windowCount: Int
  /// Whether there is a curve, and every norm of every window is finite.
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

  /// The smallest distance at which the median is at most `share`; nil if there is none.
  public func distance(ofFallTo share: Double) -> Int? {
    medians.firstIndex { $0 <= share }
  }
}

extension [Double] {
  /// The quantile of an ascending array at a share from 0 to 1, interpolated linearly as in NumPy.
  /// - Precondition: the array is not empty.
  package func quantile(_ share: Double) -> Double {
    let position = share * Double(count - 1)
    let below = Int(position)
    let above = Swift.min(below + 1, count - 1)
    return self[below] + (self[above] - self[below]) * (position - Double(below))
  }
}
