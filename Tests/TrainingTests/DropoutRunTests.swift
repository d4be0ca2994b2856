import ModelFiles
import Testing
import Training

/// Runs with every dropout, on the text of `TrainingRunTests`.
@Suite(.serialized) struct DropoutRunTests {
  static func configuration(steps: Int) -> TrainingConfiguration {
    var configuration = TrainingRunTests.configuration(steps: steps)
    configuration.dropout = 0.1
    configuration.dropoutMask = .perStep
    configuration.embeddingDropout = 0.1
    configuration.recurrentDropout = 0.2
    return configuration
  }

  @Test func theSameSeedGivesTheSameBitsForAnyNumberOfThreads() throws {
    let configuration = Self.configuration(steps: 20)
    func parameters(_ configuration: TrainingConfiguration, threadCount: Int) throws -> [UInt32] {
      try TrainingRunTests.parameters(
        TrainingRunTests.train(TrainingRunTests.text, configuration, threadCount: threadCount)
          .result!.model)
    }
    let expected = try parameters(configuration, threadCount: 1)
    for threadCount in [1, 2, 3] {
      #expect(try parameters(configuration, threadCount: threadCount) == expected)
    }
    for change: (inout TrainingConfiguration) -> Void in [
      { $0.seed = 2 }, { $0.dropoutMask = .locked }, { $0.embeddingDropout = 0 },
      { $0.recurrentDropout = 0 },
    ] {
      var other = configuration
      change(&other)
      #expect(try parameters(other, threadCount: 1) != expected)
    }
  }

  @Test func nothingIsDroppedInValidation() throws {
    let report = try TrainingRunTests.train(TrainingRunTests.text, Self.configuration(steps: 200))
    let model = report.result!.model
    let tail = model.tokenizer.encode(TrainingRunTests.text).ids
      .suffix(report.plan!.validationTokens)
    let score = report.validations.map(\.natsPerToken).min()!
    #expect(abs(TrainingRunTests.score(model, Array(tail)) - score) < 1e-12)
    // The complete network predicts better than the networks with dropout did in training.
    let training = report.steps.suffix(20).map(\.natsPerToken).reduce(0, +) / 20
    #expect(score < training)
  }
}
