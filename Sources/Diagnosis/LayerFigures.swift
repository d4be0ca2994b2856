import RecurrentNetwork

/// The correlations of a layer as numbers, for JSON.
package struct LayerFigures: Encodable, Sendable {
  package struct Feature: Encodable, Sendable {
    package let feature: String
    package let mean: Double
    /// The units that follow it most closely, the closest one first.
    package let units: [Unit]
  }

  package struct Unit: Encodable, Sendable {
    package let unit: Int
    /// The feature that it follows most closely; nil in the list of a feature.
    package let feature: String?
    package let vector: TracedVector
    package let correlation: Double

    init(_ match: CellDiagnosis.Match, feature: TextFeature? = nil) {
      unit = match.unit
      self.feature = feature?.rawValue
      vector = match.vector
      correlation = match.correlation
    }
  }

  package let layer: Int
  package let features: [Feature]
  /// Every unit that varies, by its number.
  package let units: [Unit]

  /// - Parameter matchCount: the units of each feature.
  package init(_ layer: CellDiagnosis.Layer, matchCount: Int) {
    self.layer = layer.index
    features = TextFeature.allCases.map { feature in
      Feature(
        feature: feature.rawValue, mean: layer.mean(of: feature),
        units: layer.matches(with: feature).prefix(matchCount).map { Unit($0) })
    }
    units = (0..<layer.unitCount).compactMap { layer.best(ofUnit: $0) }
      .map { Unit($0.match, feature: $0.feature) }
  }
}
