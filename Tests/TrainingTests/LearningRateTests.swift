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

  @Test func linearFallsToTwoPercent() {
    let linear = configuration(.linear)
    #expect(linear.learningRate(step: 4, progress: 0, epochs: 0) == 0.005)
    for (progress, expected) in [
      (0, 0.01), (0.25, 0.00755), (0.5, 0.0051), (1, 0.0002), (2, 0.0002),
    ] {
      let rate = linear.learningRate(step: 100, progress: progress, epochs: 0)
      #expect(abs(rate - expected) < 1e-15)
    }
  }

  @Test func stepsHalveFiveEqualPartsOfTheBudget() {
    let step = configuration(.step)
    #expect(step.learningRate(step: 4, progress: 0, epochs: 0) == 0.005)
    for (progress, expected) in [
      (0, 0.01), (0.1999, 0.01), (0.2, 0.005), (0.41, 0.0025), (0.61, 0.00125), (0.999, 0.000625),
    ] {
      #expect(step.learningRate(step: 100, progress: progress, epochs: 77) == expected)
    }
  }

  /// torch-rnn: `-lr_decay_every 5 -lr_decay_factor 0.5`.
  @Test func stepsCanBeEverySoManyEpochs() {
    var step = configuration(.step)
    step.decayEvery = 5
    for (epochs, expected) in [(0, 0.01), (4.99, 0.01), (5, 0.005), (9.9, 0.005), (10, 0.0025)] {
      #expect(step.learningRate(step: 100, progress: 0.9, epochs: epochs) == expected)
    }
  }

  /// char-rnn: `-learning_rate_decay 0.97 -learning_rate_decay_after 10`.
  @Test func stepsCanBeginLater() {
    var step = configuration(.step)
    step.decayEvery = 1
    step.decayAfter = 10
    step.decayFactor = 0.97
    for (epochs, expected) in [
      (0, 0.01), (9.99, 0.01), (10, 0.0097), (11, 0.009409), (12.5, 0.00912673),
    ] {
      let rate = step.learningRate(step: 100, progress: 0, epochs: epochs)
      #expect(abs(rate - expected) < 1e-15)
    }
  }

  @Test(arguments: [
    (\TrainingConfiguration.batchSize, 0, "batch size"),
    (\.windowLength, 0, "window"), (\.warmupSteps, -1, "number of warm-up steps"),
  ])
  func countsOutOfRangeAreRejected(
    path: WritableKeyPath<TrainingConfiguration, Int> & Sendable, value: Int, setting: String
  ) throws {
    var configuration = TrainingConfiguration()
    try configuration.validate()
    configuration[keyPath: path] = value
    #expect {
      try configuration.validate()
    } throws: {
      "\($0)".contains(setting) && "\($0)".contains("\(value)")
    }
  }

  @Test(arguments: [
    (\TrainingConfiguration.learningRate, 0, "learning rate"),
    (\.learningRate, .infinity, "learning rate"), (\.learningRate, .nan, "learning rate"),
    (\.momentum, 1, "momentum"), (\.momentum, -0.1, "momentum"),
    (\.weightDecay, -1, "weight decay"), (\.weightDecay, .infinity, "weight decay"),
    (\.l1, -1, "L1 penalty"), (\.l1, .nan, "L1 penalty"),
    (\.dropout, 1, "dropout"), (\.dropout, -0.1, "dropout"),
    (\.embeddingDropout, 1, "embedding dropout"),
    (\.embeddingDropout, .nan, "embedding dropout"),
    (\.recurrentDropout, 1, "recurrent dropout"), (\.recurrentDropout, -1, "recurrent dropout"),
    (\.validationFraction, 1, "validation fraction"), (\.budget.amount, 0, "number of steps"),
  ])
  func numbersOutOfRangeAreRejected(
    path: WritableKeyPath<TrainingConfiguration, Double> & Sendable, value: Double, setting: String
  ) {
    var configuration = TrainingConfiguration()
    configuration[keyPath: path] = value
    #expect {
      try configuration.validate()
    } throws: {
      "\($0)".contains(setting)
    }
  }

  @Test(arguments: [
    (\TrainingConfiguration.clipNorm, 0, "clip norm"), (\.clipNorm, .infinity, "clip norm"),
    (\.clipValue, -1, "clip value"), (\.smoothing, 1, "RMSProp decay"),
    (\.averageDecay, 1, "EMA decay"), (\.averageDecay, -0.5, "EMA decay"),
    (\.averageLast, 0, "share of averaged steps"),
    (\.averageLast, 1.5, "share of averaged steps"),
    (\.averageLast, .nan, "share of averaged steps"),
    (\.decayEvery, 0, "decay interval"), (\.decayAfter, -1, "decay start"),
    (\.decayFactor, 0, "decay factor"), (\.decayFactor, 1.5, "decay factor"),
  ])
  func settingsOutOfRangeAreRejected(
    path: WritableKeyPath<TrainingConfiguration, Double?> & Sendable, value: Double, setting: String
  ) {
    var configuration = TrainingConfiguration()
    configuration[keyPath: path] = value
    #expect {
      try configuration.validate()
    } throws: {
      guard case TrainingSettingsError.outOfRange(let name, _, _) = $0 else { return false }
      return name.rawValue == setting
    }
  }

  /// However a share is rounded, it is that share of the steps.
  @Test(arguments: 1...100) func theLastPartHasItsShareOfTheSteps(percent: Int) {
    var configuration = TrainingConfiguration()
    configuration.averageLast = Double(percent) / 100
    let steps = (0..<100).filter { configuration.isInAverage(progress: Double($0) / 100) }
    #expect(steps == Array(100 - percent..<100))
    configuration.averageLast = nil
    #expect(!configuration.isInAverage(progress: 1))
  }

  @Test func twoAveragesAreRejected() {
    var configuration = TrainingConfiguration()
    configuration.averageDecay = 0.9
    configuration.averageLast = 0.1
    #expect(throws: TrainingSettingsError.exclude(.averageDecay, .averageLast)) {
      try configuration.validate()
    }
  }

  @Test func settingsWithoutEffectAreRejected() {
    let changes: [(String, (inout TrainingConfiguration) -> Void)] = [
      ("momentum", { $0.momentum = 0.9 }),
      (
        "momentum",
        {
          $0.optimizer = .adagrad
          $0.momentum = 0.9
        }
      ),
      (
        "Nesterov momentum",
        {
          $0.optimizer = .sgd
          $0.isNesterov = true
        }
      ),
      (
        "Nesterov momentum",
        {
          $0.optimizer = .rmsProp
          $0.momentum = 0.9
          $0.isNesterov = true
        }
      ),
      ("RMSProp decay", { $0.smoothing = 0.9 }),
      ("dropout mask", { $0.dropoutMask = .perStep }),
      ("decay interval", { $0.decayEvery = 1 }),
      ("decay factor", { $0.decayFactor = 0.5 }),
      (
        "decay start",
        {
          $0.schedule = .step
          $0.decayAfter = 1
        }
      ),
    ]
    for (setting, change) in changes {
      var configuration = TrainingConfiguration()
      change(&configuration)
      #expect {
        try configuration.validate()
      } throws: {
        guard case TrainingSettingsError.hasNoEffect(let name, _) = $0 else { return false }
        return name.rawValue == setting && "\($0)".hasSuffix(".") && !"\($0)".contains("\n")
      }
    }
  }
}
