import Foundation
import Kernels
import ModelFiles
import RecurrentNetwork
import Testing
import Tokenization
import Training

/// Real runs with each optimizer.
@Suite(.serialized) struct OptimizerRunTests {
  private typealias Runs = TrainingRunTests

  /// Each optimizer with a learning rate that fits the small text.
  private static func configuration(
    _ optimizer: OptimizerKind, steps: Int
  ) -> TrainingConfiguration {
    var configuration = Runs.configuration(steps: steps)
    configuration.optimizer = optimizer
    switch optimizer {
    case .adam, .adamW, .rmsProp: configuration.learningRate = 0.01
    case .adagrad: configuration.learningRate = 0.1
    case .sgd:
      configuration.learningRate = 0.5
      configuration.momentum = 0.9
    }
    return configuration
  }

  @Test(arguments: OptimizerKind.allCases)
  func everyOptimizerLearnsTheText(optimizer: OptimizerKind) throws {
    let report = try Runs.train(Runs.text, Self.configuration(optimizer, steps: 300))
    #expect(report.steps[0].natsPerToken > 2.5)
    #expect(report.steps.suffix(10).allSatisfy { $0.natsPerToken < 0.5 })
    #expect(report.result!.model.training.configuration.optimizer == optimizer)
  }

  @Test(arguments: OptimizerKind.allCases)
  func theBitsAreTheSameForAnyNumberOfThreads(optimizer: OptimizerKind) throws {
    var configuration = Self.configuration(optimizer, steps: 12)
    configuration.clipValue = 0.01
    configuration.weightDecay = 1e-3
    configuration.l1 = 1e-4
    configuration.averageDecay = 0.9
    let bits = try [1, 2, 3].map { threadCount in
      try Runs.parameters(
        Runs.train(Runs.text, configuration, threadCount: threadCount).result!.model)
    }
    #expect(bits[0] == bits[1] && bits[0] == bits[2])
  }

  @Test func theAverageIsWhatIsValidatedAndSaved() throws {
    var configuration = Self.configuration(.adam, steps: 40)
    configuration.averageDecay = 0.9
    let report = try Runs.train(Runs.text, configuration)
    let saved = report.result!.model
    // The same run by hand: training continues with the weights themselves; only their average is
    // visible.
    let (tokenizer, tokens) = try Runs.corpus(Runs.text)
    func trainer(averageDecay: Double?) -> Trainer {
      var copy = configuration
      copy.averageDecay = averageDecay
      return Trainer(
        network: saved.weights.configuration, configuration: copy, tokens: tokens,
        range: 1..<report.plan!.trainingTokens + 1, processor: Runs.processor)
    }
    var (sum, weight) = ([Double](repeating: 0, count: saved.weights.parameters.count), 0.0)
    var plain = trainer(averageDecay: nil)
    for step in 0..<40 {
      #expect(try plain.step(progress: Double(step) / 40) == report.steps[step])
      let weights = try plain.weights()
      for i in sum.indices { sum[i] = 0.9 * sum[i] + 0.1 * Double(weights.parameters.start[i]) }
      weight = 0.9 * weight + 0.1
    }
    let found = saved.weights.parameters.start
    let last = try plain.weights()
    #expect(sum.indices.allSatisfy { abs(Double(found[$0]) - sum[$0] / weight) < 1e-5 })
    #expect(sum.indices.contains { abs(last.parameters.start[$0] - found[$0]) > 1e-3 })
    let tail = tokenizer.encode(Runs.text).ids.suffix(report.plan!.validationTokens)
    #expect(
      abs(Runs.score(saved, Array(tail)) - report.validations.last!.natsPerToken) < 1e-12)
  }

  @Test func theMeanOfTheLastPartIsWhatIsValidatedAndSaved() throws {
    var configuration = Self.configuration(.adam, steps: 40)
    configuration.averageLast = 0.3
    configuration.schedule = .constant
    configuration.evaluateEvery = 10
    let report = try Runs.train(Runs.text, configuration)
    // The same run by hand, without an average.
    configuration.averageLast = nil
    let (tokenizer, tokens) = try Runs.corpus(Runs.text)
    var plain = Trainer(
      network: report.result!.model.weights.configuration, configuration: configuration,
      tokens: tokens, range: 1..<report.plan!.trainingTokens + 1, processor: Runs.processor)
    let tail = Array(tokenizer.encode(Runs.text).ids.suffix(report.plan!.validationTokens))
    var sum = [Double](repeating: 0, count: plain.parameterCount)
    for step in 0..<40 {
      #expect(try plain.step(progress: Double(step) / 40) == report.steps[step])
      let weights = try plain.weights()
      guard step >= 28 else { continue }
      for i in sum.indices { sum[i] += Double(weights.parameters.start[i]) }
    }
    let last = try #require(report.improvements.last)
    #expect(last.training.steps == 40)
    let found = last.weights.parameters.start
    #expect(sum.indices.allSatisfy { abs(Double(found[$0]) - sum[$0] / 12) < 1e-5 })
    let weights = try plain.weights()
    #expect(sum.indices.contains { abs(weights.parameters.start[$0] - found[$0]) > 1e-3 })
    #expect(abs(Runs.score(last, tail) - report.validations.last!.natsPerToken) < 1e-12)
  }

  @Test func decaysOfTheStepScheduleFollowTheEpochs() throws {
    var configuration = Self.configuration(.adam, steps: 1)
    configuration.budget = .init(3, .epochs)
    configuration.warmupSteps = 0
    configuration.schedule = .step
    configuration.decayEvery = 1
    configuration.decayFactor = 0.1
    let steps = try Runs.train(Runs.text, configuration).steps
    var epochs = 0.0
    for step in steps {
      #expect(abs(step.learningRate - 0.01 * pow(0.1, epochs.rounded(.down))) < 1e-15)
      epochs = step.epochs
    }
    #expect(epochs == 3)
  }
}
