extension RandomStream {
  /// A number with the standard normal distribution.
  ///
  /// By the polar method of Marsaglia & Bray 1964, "A convenient method for generating normal
  /// variables". The method gives numbers in pairs; the second is dropped, so that the stream's
  /// position remains all there is to store. The numbers are the same on every machine: the
  /// logarithm is not libm's.
  public mutating func nextNormal() -> Double {
    while true {
      let x = 2 * nextUniform() - 1
      let y = 2 * nextUniform() - 1
      let square = x * x + y * y
      if square > 0, square < 1 {
        return x * (-2 * naturalLogarithm(square) / square).squareRoot()
      }
    }
  }
}

/// log(x) of a normal number above 0, to a relative error of 3e-16.
///
/// It uses only operations that IEEE 754 defines to the bit. With x = 2^k m and m in sqrt(1/2) ...
/// sqrt(2): log x = k log 2 + 2 artanh z, z = (m - 1) / (m + 1), and artanh z = z (1 + z^2/3 +
/// z^4/5 + ...), which needs eleven terms because z^2 <= 0.0295.
package func naturalLogarithm(_ x: Double) -> Double {
  var exponent = Double(x.exponent)
  var significand = x.significand
  if significand > 2.0.squareRoot() {
    significand /= 2
    exponent += 1
  }
  let z = (significand - 1) / (significand + 1)
  let square = z * z
  var series = 0.0
  for index in (0...10).reversed() { series = series * square + 1 / Double(2 * index + 1) }
  return exponent * 0x1.62e42fefa39efp-1 + 2 * z * series
}
