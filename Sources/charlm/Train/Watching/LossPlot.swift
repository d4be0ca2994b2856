import ModelFiles
import Reporting
import Storage
import Training

/// Draws the training and validation loss, and redraws it at each validation.
struct LossPlot: TrainingObserver {
  private let path: String
  private var training = LossCurve()
  private var validation: [LineChart.Point] = []
  /// The points of the run before it was resumed, as far as they were recorded.
  private var earlier: [LineChart.Point] = []
  private var hasValidation = false

  /// The share of steps at the beginning whose losses may exceed the top of the plot.
  private static let steepShare = 0.05

  init(path: String) {
    self.path = path
  }

  mutating func resume(after earlier: EarlierPart) throws {
    let points = earlier.history.points
    self.earlier = points.map { (Double($0.step), $0.trainingNatsPerToken) }
    validation = points.compactMap { point in
      point.validationNatsPerToken.map { (Double(point.step), $0) }
    }
  }

  mutating func observe(_ event: TrainingEvent) throws {
    switch event {
    case .started(let plan): hasValidation = plan.validationTokens > 0
    case .step(let step, _):
      training.append(step: step.number, natsPerToken: step.natsPerToken)
    case .validation(let result):
      validation.append((Double(result.step), result.natsPerToken))
      try draw()
    case .rolledBack(let rollback): truncate(toStep: rollback.step)
    case .improved, .snapshot, .skipped, .checkpoint: break
    }
  }

  private mutating func truncate(toStep step: Int) {
    training.truncate(toStep: step)
    earlier.removeAll { $0.x > Double(step) }
    validation.removeAll { $0.x > Double(step) }
  }

  mutating func finish(_ result: TrainingResult) throws {
    if !hasValidation { try draw() }
  }

  private func draw() throws {
    let picture = svg
    try FileWriter.replace(path: path) { file in
      try Array(picture.utf8).withUnsafeBytes { try file.write($0) }
    }
  }

  /// Room below the smallest loss, as a share of the range.
  private static let margin = 0.04

  var svg: String {
    let training = earlier + training.points.map { (Double($0.step), $0.natsPerToken) }
    let lastStep = (training + validation).map(\.x).max() ?? 1
    // The loss first falls quickly from log V; shown completely, that fall would flatten the rest.
    let settled = training.filter { $0.x >= Self.steepShare * lastStep }
    let losses = (settled + validation).map(\.y)
    let low = losses.min() ?? 0
    let floor = low - Self.margin * ((losses.max() ?? 0) - low)
    let best = validation.map(\.y).min().map { ", best \($0.fixed(3))" } ?? ""
    var curves = [LineChart.Curve(title: "training", colorIndex: 0, points: training)]
    if !validation.isEmpty {
      curves.append(
        LineChart.Curve(
          title: "validation\(best)", colorIndex: 1, style: .dots, points: validation))
    }
    return LineChart(
      title: "Loss of training and of validation",
      x: ChartAxis(linear: [0, lastStep], label: "steps"),
      y: ChartAxis(linear: losses + [floor], label: "nats per token"),
      curves: curves
    ).svg
  }
}
