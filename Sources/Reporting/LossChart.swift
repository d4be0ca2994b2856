/// A chart of the training and validation losses of one or more runs.
package struct LossChart {
  package struct Run {
    /// Distinguishes the run in the legend; nil if it is the only one.
    let name: String?
    /// Points of a step and the nats per token.
    let training: [LineChart.Point]
    let validation: [LineChart.Point]

    /// - Parameter name: without control characters.
    package init(name: String?, training: [LineChart.Point], validation: [LineChart.Point]) {
      self.name = name
      self.training = training
      self.validation = validation
    }

    var lastStep: Double { (training + validation).map(\.x).max() ?? 1 }

    /// The losses that the chart shows completely.
    ///
    /// The loss first falls quickly from log V; shown completely, that fall would flatten the rest.
    var settled: [Double] {
      let training = training.filter { $0.x >= LossChart.steepShare * lastStep }
      return (training + validation).map(\.y)
    }
  }

  private let title: String
  private let runs: [Run]
  private let id: String?

  /// The share of steps at the beginning whose losses may exceed the top of the chart.
  private static let steepShare = 0.05
  /// Room below the smallest loss, as a share of the range.
  private static let margin = 0.04
  /// The characters of a name that the legend has room for.
  private static let nameLength = 24

  /// - Parameters:
  ///   - title: without control characters.
  ///   - id: that of the SVG element.
  package init(title: String, runs: [Run], id: String? = nil) {
    self.title = title
    self.runs = runs
    self.id = id
  }

  package var svg: String {
    let losses = runs.flatMap(\.settled)
    let low = losses.min() ?? 0
    let floor = low - Self.margin * ((losses.max() ?? 0) - low)
    return LineChart(
      title: title,
      x: ChartAxis(linear: [0, runs.map(\.lastStep).max() ?? 1], label: "step"),
      y: ChartAxis(linear: losses + [floor], label: "loss in nats per token"),
      curves: runs.indices.flatMap(curves), id: id
    ).svg
  }

  /// A run among others has one color for both curves.
  private func curves(_ index: Int) -> [LineChart.Curve] {
    let run = runs[index]
    let prefix = run.name.map { Self.shortened($0) + ", " } ?? ""
    let colors = run.name == nil ? (0, 1) : (index, index)
    let training = LineChart.Curve(
      title: prefix + "training", colorIndex: colors.0, points: run.training)
    guard let best = run.validation.map(\.y).min() else { return [training] }
    return [
      training,
      LineChart.Curve(
        title: "\(prefix)validation, best \(ChartAxis.text(best, digits: 3))",
        colorIndex: colors.1, style: .dots, points: run.validation),
    ]
  }

  /// The end of a long name, in which names of a series differ.
  private static func shortened(_ name: String) -> String {
    name.count > nameLength ? "…" + name.suffix(nameLength - 1) : name
  }
}
