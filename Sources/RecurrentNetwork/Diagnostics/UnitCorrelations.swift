/// Pearson's correlation of every unit of a vector with some features of the text.
///
/// ```
/// r = (n Sxy - Sx Sy) / sqrt((n Sxx - Sx^2) (n Syy - Sy^2))
/// ```
///
/// x is a unit's number after a token, y a feature there; the sums run over all tokens, in Double.
public struct UnitCorrelations: Sendable {
  /// The number of units.
  public let unitCount: Int
  /// The number of features.
  public let featureCount: Int
  /// n
  public private(set) var count = 0
  private var unitSums, unitSquares: [Double]
  private var featureSums, featureSquares: [Double]
  /// [units x features]
  private var products: [Double]

  /// Creates sums over no token.
  public init(unitCount: Int, featureCount: Int) {
    self.unitCount = unitCount
    self.featureCount = featureCount
    unitSums = Array(repeating: 0, count: unitCount)
    unitSquares = unitSums
    featureSums = Array(repeating: 0, count: featureCount)
    featureSquares = featureSums
    products = Array(repeating: 0, count: unitCount * featureCount)
  }

  /// Adds one token.
  public mutating func add(_ units: UnsafeBufferPointer<Float>, features: [Double]) {
    precondition(units.count == unitCount && features.count == featureCount)
    count += 1
    for (feature, y) in features.enumerated() {
      featureSums[feature] += y
      featureSquares[feature] += y * y
    }
    for (unit, value) in units.enumerated() {
      let x = Double(value)
      unitSums[unit] += x
      unitSquares[unit] += x * x
      for feature in features.indices where features[feature] != 0 {
        products[unit * featureCount + feature] += x * features[feature]
      }
    }
  }

  /// The mean of a feature; 0 if there is no token.
  public func mean(ofFeature feature: Int) -> Double {
    count == 0 ? 0 : featureSums[feature] / Double(count)
  }

  /// r; nil if the unit or the feature is constant, or a number is not finite.
  public func correlation(unit: Int, feature: Int) -> Double? {
    let n = Double(count)
    let covariance =
      n * products[unit * featureCount + feature] - unitSums[unit] * featureSums[feature]
    let unitVariance = variance(unitSums[unit], unitSquares[unit])
    let featureVariance = variance(featureSums[feature], featureSquares[feature])
    guard let unitVariance, let featureVariance, covariance.isFinite else { return nil }
    return max(-1, min(1, covariance / (unitVariance * featureVariance).squareRoot()))
  }

  /// n^2 times the variance; nil if it is zero up to rounding, or not finite.
  private func variance(_ sum: Double, _ squares: Double) -> Double? {
    let n = Double(count)
    let variance = n * squares - sum * sum
    return variance.isFinite && variance > 1e-12 * n * squares ? variance : nil
  }
}
