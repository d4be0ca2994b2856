import ModelFiles
import Testing
import Training

@Suite struct LearningRateTests {
  private func configuration(
    _ schedule: TrainingConfiguration.Schedule
  ) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.learningRate = 0.01
    configuration.warmupSteps = 10
    configuration.schedule = schedule
    return configuration
  }

  @Test func warmUpIsLinear() {
    let constant = configuration(.constant)
    #expect(constant.learningRate(step: 0, progress: 0, epochs: 0) == 0.001)
    #expect(constant.learningRate(step: 4, progress: 0, epochs: 0) == 0.005)
    #expect(constant.learningRate(step: 9, progress: 0, epochs: 0) == 0.01)
    #expect(constant.learningRate(step: 5_000, progress: 0.9, epochs: 0) == 0.01)
    var none = constant
    none.warmupSteps = 0
    #expect(none.learningRate(step: 0, progress: 0, epochs: 0) == 0.01)
  }

  @Test func cosineFallsToTwoPercent() {
    let cosine = configuration(.cosine)
    #expect(abs(cosine.learningRate(step: 100, progress: 0, epochs: 0) - 0.01) < 1e-15)
    #expect(abs(cosine.learningRate(step: 100, progress: 0.5, epochs: 0) - 0.0051) < 1e-15)
    #expect(abs(cosine.learningRate(step: 100, progress: 1, epochs: 0) - 0.0002) < 1e-15)
    #expect(abs(cosine.learningRate(step: 100, progress: 7, epochs: 0) - 0.0002) < 1e-15)
  }

  @Test(arguments: [
    (\TrainingConfiguration.batchSize, 0, "--batch-size"),
    (\.windowLength, 0, "--window"), (\.warmupSteps, -1, "--warmup-steps"),
  ])
  func countsOutOfRangeAreRefused(
    path: WritableKeyPath<TrainingConfiguration, Int> & Sendable, value: Int, option: String
  ) throws {
    var configuration = TrainingConfiguration()
    try configuration.validate()
    configuration[keyPath: path] = value
    #expect {
      try configuration.validate()
    } throws: {
      "\($0)".contains(option) && "\($0)".contains("\(value)")
    }
  }

  @Test(arguments: [
    (\TrainingConfiguration.learningRate, 0, "--learning-rate"),
    (\.learningRate, .infinity, "--learning-rate"), (\.learningRate, .nan, "--learning-rate"),
    (\.dropout, 1, "--dropout"), (\.dropout, -0.1, "--dropout"),
    (\.validationFraction, 1, "--validation-fraction"), (\.budget.amount, 0, "--max-steps"),
  ])
  func numbersOutOfRangeAreRefused(
    path: WritableKeyPath<TrainingConfiguration, Double> & Sendable, value: Double, option: String
  ) {
    var configuration = TrainingConfiguration()
    configuration[keyPath: path] = value
    #expect {
      try configuration.validate()
    } throws: {
      "\($0)".contains(option)
    }
  }
}
