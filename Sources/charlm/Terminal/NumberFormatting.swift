import Glibc

extension Int {
  /// The number with commas between thousands.
  var grouped: String {
    var text = ""
    for (index, digit) in String(magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + String(text.reversed())
  }
}

extension Double {
  /// The number with `digits` digits after the decimal point.
  func fixed(_ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let scaled = (magnitude * scale).rounded()
    guard scaled < 1e18 else { return "\(self)" }
    let number = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, digits + 1 - number.count)) + number
    let sign = self < 0 && scaled > 0 ? "-" : ""
    return sign + padded.dropLast(digits) + (digits > 0 ? "." + padded.suffix(digits) : "")
  }
}

extension Double {
  /// As `fixed`, with commas between thousands.
  package func groupedFixed(_ digits: Int) -> String {
    let parts = fixed(digits).split(separator: ".")
    guard let whole = Int(parts[0]), whole.magnitude >= 1_000 else { return fixed(digits) }
    return ([whole.grouped] + parts.dropFirst().map(String.init)).joined(separator: ".")
  }

  /// The number with three significant digits.
  var significant: String {
    guard self != 0, isFinite else { return "\(self)" }
    let scale = pow(10, 2 - log10(magnitude).rounded(.down))
    return "\((self * scale).rounded() / scale)"
  }
}

/// A number, without its fraction if that is zero.
func plain(_ number: Double) -> String {
  number == number.rounded() && number.magnitude < 1e15 ? Int(number).grouped : "\(number)"
}

/// Seconds in the usual notation: `41 s`, `3:07`, `2:03:07`.
func duration(_ seconds: Double) -> String {
  let total = Int(max(0, min(seconds, 1e12)).rounded())
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  if total < 60 { return "\(total) s" }
  if total < 3_600 { return "\(total / 60):\(two(total % 60))" }
  return "\(total / 3_600):\(two(total / 60 % 60)):\(two(total % 60))"
}
