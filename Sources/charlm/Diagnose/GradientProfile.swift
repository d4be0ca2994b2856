import Glibc
import RecurrentNetwork

/// How far gradients reach back in one network, as figures and as a table for people.
struct GradientProfile {
  /// What tells the network from others of its kind.
  let label: String
  let network: NetworkConfiguration
  let isTrained: Bool
  let layer: Int
  /// Of dL/dh_t, then of dL/dc_t where the cell has a second state vector.
  let curves: [GradientCurve]

  /// The share at which a gradient is as good as gone.
  private static let vanished = 0.001

  static let curveNames = ["dL/dh_t", "dL/dc_t"]

  /// The curves with the names of what they show.
  var namedCurves: [(name: String, curve: GradientCurve)] {
    zip(Self.curveNames, curves).map { ($0, $1) }
  }

  /// Cell, label and size.
  var title: String {
    var cell = network.cell.rawValue
    if let activation = network.activation, activation != .tanh {
      cell += " \(activation.rawValue)"
    }
    return cell + (label == cell ? "" : " (\(label))")
      + ", \(network.layerCount) x \(network.hiddenSize)"
      + (network.layerCount > 1 ? ", layer \(layer)" : "")
  }

  // MARK: JSON

  struct Figures: Encodable {
    struct Curve: Encodable {
      let median, lowerQuartile, upperQuartile: [Double]
      let halfDistance, thousandthDistance: Int?

      init(_ curve: GradientCurve) {
        median = curve.medians
        lowerQuartile = curve.lowerQuartiles
        upperQuartile = curve.upperQuartiles
        halfDistance = curve.distance(ofFallTo: 0.5)
        thousandthDistance = curve.distance(ofFallTo: GradientProfile.vanished)
      }
    }

    let label: String
    let trained: Bool
    let network: NetworkConfiguration
    let layer: Int
    let windows: Int
    let hidden: Curve
    let cellState: Curve?
  }

  /// Norms by distance, from 0.
  var figures: Figures {
    Figures(
      label: label, trained: isTrained, network: network, layer: layer,
      windows: curves[0].windowCount, hidden: .init(curves[0]),
      cellState: curves.count > 1 ? .init(curves[1]) : nil)
  }

  // MARK: Text

  var table: String {
    let heading = "\(title): medians of \(curves[0].windowCount.grouped) windows\n"
    return heading + namedCurves.map { table($0, $1) }.joined()
  }

  private func table(_ name: String, _ curve: GradientCurve) -> String {
    let rows = distances(through: curve.medians.count - 1).map { distance in
      "\(padded("\(distance)", 8))  \(padded(short(curve.medians[distance]), 8))  "
        + bar(curve.medians[distance]) + "\n"
    }
    return "distance  |\(name)|  (each # a fifth of a power of ten above \(Self.barFloor))\n"
      + rows.joined() + sentence(name, curve) + "\n"
  }

  /// 0, 1, 2, 5, 10, 20, 50 and so on, and the last one.
  private func distances(through last: Int) -> [Int] {
    var distances = [0]
    var power = 1
    while power <= last {
      distances += [1, 2, 5].map { $0 * power }.filter { $0 <= last }
      power *= 10
    }
    return distances.last == last ? distances : distances + [last]
  }

  private func sentence(_ name: String, _ curve: GradientCurve) -> String {
    func fall(_ share: Double) -> String {
      curve.distance(ofFallTo: share).map { "at distance \($0)" }
        ?? "nowhere within \(curve.medians.count - 1) characters"
    }
    return "\(name) has fallen to 1/2 \(fall(0.5)) and to 1/1000 \(fall(Self.vanished))"
      + (curve.distance(ofFallTo: Self.vanished) == nil
        ? "." : ": training hardly learns from what stands further back.")
  }

  private static let barFloor = "1e-6"

  /// Far from the loss a norm may be 0 in single precision.
  private func bar(_ norm: Double) -> String {
    guard norm > 0 else { return "" }
    return String(repeating: "#", count: max(0, min(60, Int(5 * (log10(norm) + 6)))))
  }
}

private func padded(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

/// Three digits, with a power of ten where the number is small or large.
private func short(_ number: Double) -> String {
  guard number != 0 else { return "0" }
  var power = Int(floor(log10(number)))
  if -4...4 ~= power { return number.fixed(max(0, 2 - power)) }
  if (number / pow(10, Double(power))).fixed(2).hasPrefix("10") { power += 1 }
  return (number / pow(10, Double(power))).fixed(2) + "e\(power)"
}
