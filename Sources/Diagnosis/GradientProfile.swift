import Kernels
import RecurrentNetwork

/// How far back gradients reach in one layer of a network, on one text.
package struct GradientProfile {
  /// Distinguishes the network from others with the same cell.
  package let label: String
  package let network: NetworkConfiguration
  package let isTrained: Bool
  package let layer: Int
  /// The curve of dL/dh_t, then that of dL/dc_t if the cell has a second state vector.
  package let curves: [GradientCurve]

  /// The share of the norm below which a gradient has practically vanished.
  package static let vanished = 0.001

  /// The windows of a text over which figures are medians.
  package struct Windows {
    /// The largest distance from the loss, in tokens.
    let furthestDistance: Int
    /// The number of windows; a short text has fewer.
    let count: Int

    package init(furthestDistance: Int, count: Int) {
      self.furthestDistance = furthestDistance
      self.count = count
    }
  }

  /// Measures the norms on a text of `tokenCount` tokens.
  /// - Parameters:
  ///   - name: of the network, for errors.
  ///   - copyTokens: copies a range of tokens to the front of a buffer.
  /// - Throws: `DiagnosisError.noGradients`.
  /// - Precondition: the text has at least two tokens more than the furthest distance.
  package init(
    of weights: NetworkWeights, name: String, label: String, isTrained: Bool, layer: Int,
    windows: Windows, tokenCount: Int, processor: Processor,
    copyingTokens copyTokens: (Range<Int>, UnsafeMutableBufferPointer<UInt16>) -> Void
  ) throws {
    var norms = GradientNorms(
      weights: weights, layer: layer, furthestDistance: windows.furthestDistance,
      processor: processor)
    let curves = norms.measure(
      windowCount: windows.count, tokenCount: tokenCount, copyingTokens: copyTokens)
    guard curves.allSatisfy(\.isFinite) else { throw DiagnosisError.noGradients(network: name) }
    self.label = label
    self.isTrained = isTrained
    self.layer = layer
    self.curves = curves
    network = weights.configuration
  }

  package static let curveNames = ["dL/dh_t", "dL/dc_t"]

  /// The curves with their names.
  package var namedCurves: [(name: String, curve: GradientCurve)] {
    zip(Self.curveNames, curves).map { ($0, $1) }
  }

  /// Cell, label and size.
  package var title: String {
    var cell = network.cell.rawValue
    if let activation = network.activation, activation != .tanh {
      cell += " \(activation.rawValue)"
    }
    return cell + (label == cell ? "" : " (\(label))")
      + ", \(network.layerCount) x \(network.hiddenSize)"
      + (network.layerCount > 1 ? ", layer \(layer)" : "")
  }

  // MARK: JSON

  package struct Figures: Encodable, Sendable {
    package struct Curve: Encodable, Sendable {
      package let median, lowerQuartile, upperQuartile: [Double]
      package let halfDistance, thousandthDistance: Int?

      init(_ curve: GradientCurve) {
        median = curve.medians
        lowerQuartile = curve.lowerQuartiles
        upperQuartile = curve.upperQuartiles
        halfDistance = curve.distance(ofFallTo: 0.5)
        thousandthDistance = curve.distance(ofFallTo: GradientProfile.vanished)
      }
    }

    package let label: String
    package let trained: Bool
    package let network: NetworkConfiguration
    package let layer: Int
    package let windows: Int
    package let hidden: Curve
    package let cellState: Curve?
  }

  /// The norms by distance, starting at 0.
  package var figures: Figures {
    Figures(
      label: label, trained: isTrained, network: network, layer: layer,
      windows: curves[0].windowCount, hidden: .init(curves[0]),
      cellState: curves.count > 1 ? .init(curves[1]) : nil)
  }
}
