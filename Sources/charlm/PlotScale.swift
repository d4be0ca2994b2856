#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// From distance and norm to a place in a picture: distances are linear, norms logarithmic.
struct PlotScale {
  private let lastDistance: Int
  private let lowestPower: Int
  private let highestPower: Int
  private let x: ClosedRange<Double>
  private let y: ClosedRange<Double>

  /// A scale that holds all curves, but nothing below a power of ten.
  init(
    _ curves: [[Double]], lowestPower: Int, x: ClosedRange<Double>, y: ClosedRange<Double>
  ) {
    let norms = curves.joined().filter { $0 > 0 }
    lastDistance = max(1, (curves.map(\.count).max() ?? 0) - 1)
    self.lowestPower = max(lowestPower, min(-1, Int(floor(log10(norms.min() ?? 1)))))
    highestPower = max(0, Int(ceil(log10(norms.max() ?? 1))))
    self.x = x
    self.y = y
  }

  func x(_ distance: Int) -> String {
    let share = Double(distance) / Double(lastDistance)
    return (x.lowerBound + share * (x.upperBound - x.lowerBound)).fixed(1)
  }

  /// A norm of 0 has a place, too: far below all others.
  func y(_ norm: Double) -> String {
    let power = log10(max(norm, 1e-45))
    let share = (Double(highestPower) - power) / Double(highestPower - lowestPower)
    return (y.lowerBound + share * (y.upperBound - y.lowerBound)).fixed(1)
  }

  /// The powers of ten to mark: at most eleven.
  var powers: [Int] {
    let step = (highestPower - lowestPower) / 10 + 1
    return Array(stride(from: highestPower, through: lowestPower, by: -step))
  }

  /// The distances to mark: at most eleven, multiples of 1, 2 or 5 times a power of ten.
  var distances: [Int] {
    var power = 1
    while lastDistance / (5 * power) > 10 { power *= 10 }
    let step = [1, 2, 5].map { $0 * power }.first { lastDistance / $0 <= 10 }!
    return Array(stride(from: 0, through: lastDistance, by: step))
  }
}
