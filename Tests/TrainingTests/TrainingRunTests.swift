import Foundation
import Kernels
import ModelFiles
import RecurrentNetwork
import Testing
import Tokenization
import Training

/// Real runs, on texts small enough to take moments.
@Suite(.serialized) struct TrainingRunTests {
  static let processor = Processor(threadCount: 2)

  /// A text that is easy to predict, but not completely.
  static let text = (0..<400).map { "\($0 % 7) sheep, \($0 % 5) goats\n" }.joined()

  static func corpus(
    _ text: String, minimumCount: Int = 1
  ) throws -> (tokenizer: Tokenizer, tokens: TokenFile) {
    let source = TextSource.text(text, name: "text")
    let tokenizer = try Tokenizer.fit(
      [source], configuration: TokenizerConfiguration(minimumCount: minimumCount))
    let path = FileManager.default.temporaryDirectory.appending(path: "model").path
    return try (tokenizer, TokenFile.write([source], tokenizer: tokenizer, beside: path))
  }

  static func configuration(steps: Int) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.batchSize = 8
    configuration.windowLength = 20
    configuration.budget = .init(Double(steps), .steps)
    configuration.warmupSteps = 5
    configuration.learningRate = 0.01
    return configuration
  }

  /// The events of a run.
  struct Report {
    var plan: TrainingPlan?
    var steps: [Trainer.Step] = []
    var validations: [ValidationResult] = []
    var improvements: [TextModel] = []
    var snapshots: [TextModel] = []
    var result: TrainingResult?
  }

  static func train(
    _ text: String, _ configuration: TrainingConfiguration, minimumCount: Int = 1,
    validation: String? = nil, threadCount: Int = 2
  ) throws -> Report {
    let (tokenizer, tokens) = try corpus(text, minimumCount: minimumCount)
    let path = FileManager.default.temporaryDirectory.appending(path: "model").path
    let run = try TrainingRun(
      tokens: tokens, tokenizer: tokenizer,
      network: NetworkConfiguration(
        vocabularySize: tokenizer.vocabularySize, embeddingSize: 8, hiddenSize: 24, layerCount: 1),
      configuration: configuration,
      validationTokens: validation.map {
        try TokenFile.write([.text($0, name: "own")], tokenizer: tokenizer, beside: path)
      }, processor: Processor(threadCount: threadCount))
    var report = Report()
    report.result = try run.run { event in
      switch event {
      case .started(let plan): report.plan = plan
      case .step(let step, _): report.steps.append(step)
      case .validation(let result): report.validations.append(result)
      case .improved(let model): report.improvements.append(model)
      case .snapshot(let model): report.snapshots.append(model)
      case .skipped, .rolledBack, .checkpoint: break
      }
    }
    return report
  }

  static func parameters(_ model: TextModel) -> [UInt32] {
    (0..<model.weights.parameters.count).map { model.weights.parameters.start[$0].bitPattern }
  }

  /// The mean nats of tokens by `Predictor`, from the beginning of a text.
  static func score(_ model: TextModel, _ ids: [TokenID]) -> Double {
    nats(model, ids).reduce(0, +) / Double(ids.count)
  }

  /// The nats of each token by `Predictor`, from the beginning of a text.
  static func nats(_ model: TextModel, _ ids: [TokenID]) -> [Double] {
    var predictor = Predictor(weights: model.weights, processor: processor)
    var state = RecurrentState(model.weights.configuration)
    var previous = Vocabulary.endOfText
    var nats: [Double] = []
    ids.withUnsafeBufferPointer {
      predictor.score($0, after: &previous, state: &state, nats: &nats)
    }
    return nats
  }

  @Test func theTextIsLearned() throws {
    let report = try Self.train(Self.text, Self.configuration(steps: 300))
    #expect(report.steps.count == 300)
    #expect(report.steps.map(\.number) == Array(1...300))
    #expect(report.steps[0].natsPerToken > 2.5)
    #expect(report.steps.suffix(10).allSatisfy { $0.natsPerToken < 0.5 })
    #expect(report.result!.reason == .steps)
    #expect(report.result!.stepCount == 300)
    #expect(report.result!.charactersSeen == report.steps.reduce(0) { $0 + $1.tokenCount })
    #expect(report.plan!.requestedBatchShape == nil)
  }

  /// With the learning rates of a run of those passes, as far as the time is not shorter.
  @Test func aTimeEndsAfterTheMostPasses() throws {
    var configuration = Self.configuration(steps: 1)
    configuration.evaluateEvery = 10
    configuration.budget = .init(2, .epochs)
    let passes = try Self.train(Self.text, configuration)
    configuration.budget = .init(1e15, .minutes, mostEpochs: 2)
    let timed = try Self.train(Self.text, configuration)
    #expect(timed.result!.reason == .epochs)
    #expect(timed.steps == passes.steps)
    #expect(Self.parameters(timed.result!.model) == Self.parameters(passes.result!.model))
    configuration.budget = .init(0.001, .minutes, mostEpochs: 1e6)
    #expect(try Self.train(Self.text, configuration).result!.reason == .time)
  }

  @Test func theSameSeedGivesTheSameBitsForAnyNumberOfThreads() throws {
    var configuration = Self.configuration(steps: 20)
    configuration.dropout = 0.1
    let first = try Self.train(Self.text, configuration, threadCount: 1)
    let expected = Self.parameters(first.result!.model)
    for threadCount in [1, 2, 3] {
      let other = try Self.train(Self.text, configuration, threadCount: threadCount)
      #expect(Self.parameters(other.result!.model) == expected)
      #expect(other.steps == first.steps)
    }
    configuration.seed = 2
    #expect(try Self.parameters(Self.train(Self.text, configuration).result!.model) != expected)
  }

  @Test func everyEpochStartsFromAZeroState() throws {
    var configuration = Self.configuration(steps: 1)
    configuration.budget = .init(2, .epochs)
    configuration.learningRate = 1e-30  // changes no weight
    let nats = try Self.train(Self.text, configuration).steps.map(\.natsPerToken)
    #expect(nats.count >= 4 && Set(nats).count == nats.count / 2)
    #expect(nats.prefix(nats.count / 2) == nats.suffix(nats.count / 2))
  }

  @Test func theBestWeightsAreKeptAndTheirScoreIsTrue() throws {
    var configuration = Self.configuration(steps: 60)
    configuration.evaluateEvery = 7
    // A rate that is much too large, so that the score goes up and down.
    configuration.learningRate = 0.3
    configuration.schedule = .constant
    let report = try Self.train(Self.text, configuration)
    let scores = report.validations.map(\.natsPerToken)
    #expect(report.validations.map(\.step) == [7, 14, 21, 28, 35, 42, 49, 56, 60])
    var best = Double.infinity
    for validation in report.validations {
      #expect(validation.isBest == (validation.natsPerToken < best))
      best = min(best, validation.natsPerToken)
    }
    #expect(report.validations.contains { !$0.isBest })
    #expect(report.improvements.count == report.validations.count { $0.isBest })
    let model = report.result!.model
    let (tokenizer, _) = try Self.corpus(Self.text)
    let tail = tokenizer.encode(Self.text).ids.suffix(report.plan!.validationTokens)
    #expect(abs(Self.score(model, Array(tail)) - scores.min()!) < 1e-12)
    #expect(model.training.validationNatsPerToken == scores.min()!)
    #expect(model.training.steps == report.validations.last { $0.isBest }!.step)
  }

  @Test func bitsPerCharacterAreNatsPerTokenOverLogTwo() throws {
    let report = try Self.train(Self.text, Self.configuration(steps: 3))
    let validation = report.validations[0]
    #expect(abs(validation.bitsPerCharacter - validation.natsPerToken / log(2)) < 1e-12)
  }

  @Test func unknownCharactersCostTheirCodeLength() throws {
    // 'Ω' and 'Ж' are too rare to be known, and occur in the tail.
    let text = Self.text + "ΩЖ"
    let report = try Self.train(text, Self.configuration(steps: 3), minimumCount: 2)
    let model = report.result!.model
    let tail = model.tokenizer.encode(text).ids.suffix(report.plan!.validationTokens)
    #expect(tail.suffix(2) == [Vocabulary.unknown, Vocabulary.unknown])
    let expected =
      Self.score(model, Array(tail)) + 2 * model.tokenizer.unknownNats() / Double(tail.count)
    #expect(abs(report.validations[0].natsPerToken - expected) < 1e-12)
  }

  @Test func aTextOfItsOwnCanValidate() throws {
    let report = try Self.train(
      Self.text, Self.configuration(steps: 3), validation: "3 sheep, 3 cows\n")
    #expect(report.plan!.trainingTokens == Self.text.utf8.count)
    #expect(report.plan!.validationTokens == 16)
    let model = report.result!.model
    let ids = model.tokenizer.encode("3 sheep, 3 cows\n")
    #expect(ids.unknowns.map(\.spelling) == ["c", "w"])
    let expected = Self.score(model, ids.ids) + 2 * model.tokenizer.unknownNats() / 16
    #expect(abs(report.validations[0].natsPerToken - expected) < 1e-12)
  }

  @Test func epochsAndMinutesEndARun() throws {
    var configuration = Self.configuration(steps: 1)
    configuration.budget = .init(1.5, .epochs)
    let epochs = try Self.train(Self.text, configuration)
    #expect(epochs.result!.reason == .epochs)
    #expect(epochs.steps.last!.epochs >= 1.5)
    #expect(epochs.steps.dropLast().last!.epochs < 1.5)
    configuration.budget = .init(0.005, .minutes)
    let minutes = try Self.train(Self.text, configuration)
    #expect(minutes.result!.reason == .time)
    #expect(minutes.validations.last!.step == minutes.steps.count)
    // The learning rate is annealed until the end of the time.
    #expect(minutes.steps.last!.learningRate < 0.005)
  }

  @Test func aShortTextIsTrainedWithWhatItHas() throws {
    let report = try Self.train("abcabcabc", Self.configuration(steps: 40))
    #expect(report.plan!.lacksValidation)
    #expect(report.plan!.batchShape == BatchShape(batchSize: 1, windowLength: 9))
    #expect(report.plan!.requestedBatchShape == BatchShape(batchSize: 8, windowLength: 20))
    #expect(report.validations.isEmpty)
    #expect(report.improvements.count == 1)
    #expect(report.result!.model.training.validationNatsPerToken == nil)
    #expect(report.result!.model.training.steps == 40)
    #expect(report.result!.model.training.configuration.batchSize == 1)
  }

  @Test(arguments: ["", "a"])
  func aTextWithNothingToPredictIsRejected(text: String) {
    #expect(throws: TrainingError.textTooShort(name: "The text", characterCount: text.count)) {
      try Self.train(text, Self.configuration(steps: 1))
    }
  }

  @Test func anExplosionEndsTheRunAndIsNeverSaved() throws {
    var configuration = Self.configuration(steps: 50)
    configuration.learningRate = 1e38
    configuration.clipNorm = nil
    configuration.evaluateEvery = 1
    let (tokenizer, tokens) = try Self.corpus(Self.text)
    let run = try TrainingRun(
      tokens: tokens, tokenizer: tokenizer,
      network: NetworkConfiguration(
        vocabularySize: tokenizer.vocabularySize, embeddingSize: 8, hiddenSize: 24, layerCount: 1),
      configuration: configuration, processor: Self.processor)
    var improvements: [TextModel] = []
    #expect {
      try run.run { if case .improved(let model) = $0 { improvements.append(model) } }
    } throws: {
      if case TrainingError.gaveUp = $0 { true } else { false }
    }
    for model in improvements {
      #expect(Self.parameters(model).allSatisfy { Float(bitPattern: $0).isFinite })
    }
  }

  /// A network that learns nothing begins near the entropy of its tokens, not near log V.
  @Test func anOutputBiasOfFrequenciesBeginsNearTheTokensEntropy() throws {
    var configuration = Self.configuration(steps: 1)
    configuration.learningRate = 1e-12
    configuration.initialization.outputBias = .frequencies
    let found = try Self.train(Self.text, configuration).steps[0].natsPerToken
    configuration.initialization.outputBias = .zero
    let uniform = try Self.train(Self.text, configuration).steps[0].natsPerToken
    let (tokenizer, _) = try Self.corpus(Self.text)
    var counts = Array(repeating: 0.0, count: tokenizer.vocabularySize)
    for id in tokenizer.encode(Self.text).ids { counts[Int(id)] += 1 }
    let total = counts.reduce(0, +)
    let entropy = counts.filter { $0 > 0 }.reduce(0) { $0 - $1 / total * log($1 / total) }
    #expect(abs(found - entropy) < 0.15)
    #expect(abs(uniform - log(Double(tokenizer.vocabularySize))) < 0.15)
    #expect(found < uniform - 0.2)
  }
}
