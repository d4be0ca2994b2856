import Diagnosis
import Glibc
import RecurrentNetwork

/// The norms of one network, as a table for people.
extension GradientProfile {
  var table: String {
    let heading = "\(title): medians of \(curves[0].windowCount.grouped) windows\n"
    return heading + namedCurves.map { table($0, $1) }.joined()
  }

  private func table(_ name: String, _ curve: GradientCurve) -> String {
    let rows = distances(through: curve.medians.count - 1).map { distance in
      "\("\(distance)".rightAligned(8))  \(short(curve.medians[distance]).rightAligned(8))  "
        + bar(curve.medians[distance]) + "\n"
    }
    return "distance  |\(name)|  (each # a fifth of a power of ten above \(Self.barFloor))\n"
      + rows.joined() + sentence(name, curve) + "\n"
  }

  /// The distances 0, 1, 2, 5, 10, 20, 50 and so on, and the last one.
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
        ? "." : ": training hardly learns from characters further back.")
  }

  private static let barFloor = "1e-6"

  /// Far from the loss a norm may underflow to 0 in single precision.
  private func bar(_ norm: Double) -> String {
    guard norm > 0 else { return "" }
    return String(repeating: "#", count: max(0, min(60, Int(5 * (log10(norm) + 6)))))
  }
}

/// Three digits, with a power of ten if the number is small or large.
private func short(_ number: Double) -> String {
  guard number != 0 else { return "0" }
  var power = Int(floor(log10(number)))
  if -4...4 ~= power { return number.fixed(max(0, 2 - power)) }
  if (number / pow(10, Double(power))).fixed(2).hasPrefix("10") { power += 1 }
  return (number / pow(10, Double(power))).fixed(2) + "e\(power)"
}
