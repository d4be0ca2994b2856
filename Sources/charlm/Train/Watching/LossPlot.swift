import ModelFiles
import Reporting
import Storage
import Training

/// Draws the training and validation loss, and redraws it at each validation.
struct LossPlot: TrainingObserver {
  private let path: String
  private let run: String
  private var title: RunTitle
  private var training = LossCurve()
  private var validation: [LineChart.Point] = []
  /// The points of the run before it was resumed, as far as they were recorded.
  private var earlier: [LineChart.Point] = []

  init(path: String, outputs: RunOutputs) {
    self.path = path
    run = outputs.run
    title = RunTitle(model: outputs.output)
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
    case .step(let step, _):
      training.append(step: step.number, natsPerToken: step.natsPerToken)
    case .validation(let result):
      validation.append((Double(result.step), result.natsPerToken))
      try draw()
    case .rolledBack(let rollback): truncate(toStep: rollback.step)
    case .improved(let model), .snapshot(let model): describe(model)
    case .started, .skipped, .checkpoint: break
    }
  }

  private mutating func truncate(toStep step: Int) {
    training.truncate(toStep: step)
    earlier.removeAll { $0.x > Double(step) }
    validation.removeAll { $0.x > Double(step) }
  }

  private mutating func describe(_ model: TextModel) {
    title.describe(model.weights.configuration, model.training.configuration)
  }

  mutating func finish(_ result: TrainingResult) throws {
    describe(result.model)
    try draw()
  }

  private func draw() throws {
    try FileWriter.replace(path: path, with: svg)
  }

  var svg: String {
    let training = earlier + training.points.map { (Double($0.step), $0.natsPerToken) }
    let curves = LossChart.Run(name: nil, training: training, validation: validation)
    return LossChart(title: title.text, runs: [curves], id: "run-\(run)").svg
  }
}
