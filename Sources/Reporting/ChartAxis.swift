import Glibc

/// One axis of a chart: the position of a value as a share of the axis, and the values to mark.
package struct ChartAxis {
  package let label: String
  /// Values to mark, with their labels.
  let ticks: [(value: Double, text: String)]
  private let low: Double
  private let high: Double
  private let scale: (Double) -> Double

  /// A linear axis from the least of `values` to the greatest; marks at multiples of 1, 2 or 5
  /// times a power of ten, at most eleven.
  package init(linear values: [Double], label: String) {
    let finite = values.filter(\.isFinite)
    let low = finite.min() ?? 0
    let high = max(finite.max() ?? 0, low + max(1e-6, abs(low) * 1e-9))
    var step = pow(10, floor(log10((high - low) / 10)))
    for factor in [2.0, 2.5, 2] where (high - low) / step > 10 { step *= factor }
    // All marks have the same number of digits.
    let digits = max(0, ceil(-log10(step) - 1e-9))
    let scale = pow(10, digits)
    // Rounded outward by a hair, so that a multiple at the very end is marked.
    ticks = stride(
      from: (low / step - 1e-6).rounded(.up), through: (high / step + 1e-6).rounded(.down), by: 1
    ).map { index in
      let value = (index * step * scale).rounded() / scale
      return (value, Self.text(value, digits: Int(digits)))
    }
    (self.low, self.high, self.label) = (low, high, label)
    self.scale = { $0 }
  }

  /// A logarithmic axis in whole powers of ten around 1 that covers all positive values, but none
  /// below 10 to the power of `lowestPower`; at most eleven marks.
  package init(logarithmic values: [Double], lowestPower: Int, label: String) {
    let positive = values.filter { $0 > 0 && $0.isFinite }
    let low = max(lowestPower, min(-1, Int(floor(log10(positive.min() ?? 1)))))
    let high = max(0, Int(ceil(log10(positive.max() ?? 1))))
    ticks = stride(from: high, through: low, by: -((high - low) / 10 + 1)).map {
      (pow(10, Double($0)), $0 == 0 ? "1" : "1e\($0)")
    }
    (self.low, self.high, self.label) = (Double(low), Double(high), label)
    // 0 has a position as well: far below all others.
    scale = { log10(max($0, 1e-45)) }
  }

  /// The number with `digits` digits after the decimal point.
  static func text(_ number: Double, digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let rounded = (number * scale).rounded() / scale + 0  // 0 is not -0
    if digits == 0, abs(rounded) < 1e15 { return "\(Int(rounded))" }
    let text = "\(rounded)"
    let found = text.split(separator: ".", maxSplits: 1).last?.count ?? 0
    return text.contains("e") ? text : text + String(repeating: "0", count: max(0, digits - found))
  }

  /// 0 for the least value, 1 for the greatest.
  func share(_ value: Double) -> Double { (scale(value) - low) / (high - low) }
}
