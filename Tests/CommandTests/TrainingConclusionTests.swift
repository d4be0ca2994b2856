import Evaluation
import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization
import Training
import charlm

/// The last words of a run, for results of every kind.
@Suite struct TrainingConclusionTests {
  private let folder: TemporaryFolder
  private let text = (0..<400).map { "line \($0 * $0 % 7): sheep and goats\n" }.joined()

  init() throws { folder = try TemporaryFolder() }

  private func run(
    _ budget: TrainingConfiguration.Budget = .init(3, .steps), from: TextModel? = nil
  ) throws -> TrainingRun {
    let source = TextSource.text(text, name: "text")
    let tokenizer = try Tokenizer.fit([source], configuration: TokenizerConfiguration())
    var configuration = TrainingConfiguration()
    (configuration.batchSize, configuration.windowLength) = (4, 8)
    configuration.budget = budget
    return try TrainingRun(
      tokens: TokenFile.write([source], tokenizer: tokenizer, beside: folder.path("model")),
      tokenizer: tokenizer,
      network: NetworkConfiguration(
        vocabularySize: tokenizer.vocabularySize, embeddingSize: 4, hiddenSize: 4, layerCount: 1),
      configuration: configuration, startingFrom: from, processor: Processor(threadCount: 1))
  }

  /// The sentences about a run with other figures.
  private func sentences(
    of run: TrainingRun, best: Double, _ change: (inout TrainingResult) -> Void = { _ in }
  ) throws -> String {
    var result = try run.run { _ in }
    var training = result.model.training
    training.validationNatsPerToken = best
    result.model = TextModel(
      weights: result.model.weights, tokenizer: result.model.tokenizer, training: training)
    result.lastNatsPerToken = best
    change(&result)
    return TrainingConclusion(run: run, result: result, output: "it's").lines(sample: "a\nb")
      .joined(separator: "\n")
  }

  @Test func theNextCommandAndTheSampleAreLast() throws {
    let all = try sentences(of: run(), best: 1.5)
    #expect(all == "It writes:\n    a\n    b\nNext: charlm generate 'it'\\''s'")
  }

  @Test func aDeclineIsReportedUnlessItIsNoise() throws {
    let run = try run()
    func sentences(last: Double, steps: Int = 100) throws -> String {
      try self.sentences(of: run, best: 1.5) { ($0.lastNatsPerToken, $0.stepCount) = (last, steps) }
    }
    #expect(try sentences(last: 1.6).contains("After step 3 no validation was better"))
    #expect(try sentences(last: 1.6).contains("1.6000"))
    #expect(try !sentences(last: 1.5001).contains("After step"))
    #expect(try !sentences(last: 1.6, steps: 3).contains("After step"))
  }

  @Test func divergenceAndTooLittleTimeAreReported() throws {
    #expect(try sentences(of: run(), best: 9).contains("worse than guessing"))
    #expect(try !sentences(of: run(), best: 1).contains("guessing"))
    let timed = try run(.init(1e-9, .minutes))
    #expect(try sentences(of: timed, best: 1).contains("Only 1 step fitted into the time"))
    #expect(try !sentences(of: run(), best: 1).contains("fitted"))
  }

  @Test func theGainOfFineTuningIsReported() throws {
    let run = try run()
    func sentences(origin: Double) throws -> String {
      try self.sentences(of: run, best: 1.5) { $0.originNatsPerToken = origin }
    }
    #expect(try sentences(origin: 1.7).contains("1.7000 before this training: 0.2000 were gained."))
    #expect(try sentences(origin: 1.501).contains("hardly worth it"))
    #expect(try sentences(origin: 1.5).contains("nothing was better"))
  }

  @Test func theFigureIsPlacedAmongNGramModels() throws {
    let run = try run()
    let orders = TrainingConclusion(run: run, result: try run.run { _ in }, output: "m")
      .ngramNatsPerToken
    // The same by the texts themselves.
    let tokenizer = try Tokenizer.fit(
      [.text(text, name: "text")], configuration: TokenizerConfiguration())
    let ids = tokenizer.encode(text).ids
    let count = run.plan.trainingTokens
    #expect(count + run.plan.validationTokens == ids.count)
    var counts = NGramCounts(maximumOrder: orders.count)
    counts.append([Vocabulary.endOfText] + ids.prefix(count))
    let model = NGramModel(counts, alphabetSize: tokenizer.vocabularySize - 1)
    let tail = String(
      String.UnicodeScalarView(text.unicodeScalars.suffix(run.plan.validationTokens)))
    let naive = try model.nats(of: .text(tail, name: "tail"), tokenizer: tokenizer)
      .map { $0 / Double(run.plan.validationTokens) }
    for (order, nats) in orders.enumerated() { #expect(abs(nats - naive[order + 1]) < 1e-12) }
    #expect(orders[1] < orders[0])

    func sentences(best: Double, seconds: Double = 60) throws -> String {
      try self.sentences(of: run, best: best) { $0.seconds = seconds }
    }
    let middle = (orders[0] + orders[1]) / 2
    #expect(try sentences(best: middle).contains("between a 1-gram model"))
    #expect(try sentences(best: orders[0] + 0.001).contains("only counts characters does better"))
    #expect(try sentences(best: 1e-9).contains("Models that only count do worse"))
    #expect(try !sentences(best: middle, seconds: 5).contains("gram"))
  }
}
