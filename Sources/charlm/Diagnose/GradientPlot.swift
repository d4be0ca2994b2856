import RecurrentNetwork
import Reporting

/// Curves of gradient norms in one picture: distance from the loss to the right, the norm upwards in powers of
/// ten.
///
/// A line is the median, the band around it goes from quartile to quartile; dL/dc_t is dashed. What falls
/// below 1e-9 of the norm at the loss is cut off.
struct GradientPlot {
  let profiles: [GradientProfile]

  private static let lowestPower = -9

  var svg: String {
    let curves = profiles.flatMap(\.curves)
    let lastDistance = max(1, (curves.map(\.medians.count).max() ?? 0) - 1)
    return LineChart(
      title: "How far back gradients reach",
      x: ChartAxis(linear: [0, Double(lastDistance)], label: "characters before the loss"),
      y: ChartAxis(
        logarithmic: curves.flatMap(\.medians), lowestPower: Self.lowestPower,
        label: "norm of the gradient, 1 at the loss: medians and quartiles of many windows"),
      curves: profiles.enumerated().flatMap { index, profile in
        profile.namedCurves.map { chartCurve(profile, $0, $1, colorIndex: index) }
      }
    ).svg
  }

  private func chartCurve(
    _ profile: GradientProfile, _ name: String, _ curve: GradientCurve, colorIndex: Int
  ) -> LineChart.Curve {
    LineChart.Curve(
      title: "\(profile.title), \(name)", colorIndex: colorIndex,
      style: name == GradientProfile.curveNames[1] ? .dashed : .solid,
      points: points(curve.medians),
      band: (points(curve.upperQuartiles), points(curve.lowerQuartiles)))
  }

  private func points(_ norms: [Double]) -> [LineChart.Point] {
    norms.enumerated().map { (Double($0), $1) }
  }
}
