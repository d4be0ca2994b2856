import Diagnosis
import RecurrentNetwork
import Reporting

/// A plot of gradient norms: distance from the loss on the x axis, the norm in powers of ten on the
/// y axis.
///
/// A line is the median, the band around it spans the quartiles; dL/dc_t is dashed. Values below
/// 1e-9 of the norm at the loss are cut off.
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
