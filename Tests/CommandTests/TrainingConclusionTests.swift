import Evaluation
import Glibc
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
    of run: TrainingRun, best: Double, givesSizes: Bool = false,
    _ change: (inout TrainingResult) -> Void = { _ in }
  ) throws -> String {
    var result = try run.run { _ in }
    var training = result.model.training
    training.validationNatsPerToken = best
    result.model = TextModel(
      weights: result.model.weights, tokenizer: result.model.tokenizer, training: training)
    result.lastNatsPerToken = best
    change(&result)
    return TrainingConclusion(run: run, result: result, output: "it's", hasGivenSizes: givesSizes)
      .lines(sample: "a\r\nb\nc")
      .joined(separator: "\n")
  }

  @Test func theNextCommandAndTheSampleAreLast() throws {
    let all = try sentences(of: run(), best: 1.5)
    #expect(all.hasSuffix("\nIt writes:\n    a\r\n    b\n    c\nNext: charlm generate 'it'\\''s'"))
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
    let only =
      "Only 1 step fitted into the time, so hardly anything was learned: give more --minutes"
    #expect(try sentences(of: timed, best: 1).hasPrefix("\(only).\n"))
    #expect(try sentences(of: timed, best: 1, givesSizes: true).hasPrefix("\(only), or smaller"))
    #expect(try sentences(of: run(), best: 1).hasPrefix("Only 3 steps of training, so hardly"))
  }

  /// A loss that is above that of guesses because little was trained has not risen.
  @Test func aLossThatDidNotRiseIsNoDivergence() throws {
    let run = try run()
    let uniform = log(Double(run.vocabularySize - 1))
    let first = try #require(try run.run { _ in }.firstNatsPerToken)
    #expect(abs(first - uniform) < 0.2)
    func sentences(best: Double, steps: Int) throws -> String {
      try self.sentences(of: run, best: best) { $0.stepCount = steps }
    }
    let little = try sentences(best: uniform + 0.01, steps: 5)
    #expect(little.hasPrefix("Only 5 steps of training, so hardly") && !little.contains("diverged"))
    let slow = try sentences(best: uniform + 0.01, steps: 500)
    #expect(slow.hasPrefix("This is no better than guessing each character"), "\(slow)")
    #expect(!slow.contains("diverged") && slow.contains("higher --learning-rate"))
    #expect(try sentences(best: max(uniform, first) + 0.2, steps: 5).contains("diverged"))
  }

  @Test func theGainOfFineTuningIsReported() throws {
    let run = try run()
    func sentences(origin: Double) throws -> String {
      try self.sentences(of: run, best: 1.5) { $0.originNatsPerToken = origin }
    }
    #expect(
      try sentences(origin: 1.7).contains(
        "1.7000 before this training and is now 0.2000 nats per character better."))
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

    func sentences(best: Double, seconds: Double = 1) throws -> String {
      try self.sentences(of: run, best: best) { ($0.seconds, $0.stepCount) = (seconds, 100) }
    }
    let middle = (orders[0] + orders[1]) / 2
    #expect(
      try sentences(best: middle).hasPrefix(
        "In nats per character, lower is better. A table that counts groups of 2 characters, a "
          + "2-gram model (\(orders[1].groupedFixed(4))) still does better; one that counts single "
          + "characters (\(orders[0].groupedFixed(4))) does worse: train longer (--max-steps 6)."))
    #expect(
      try sentences(best: orders[0] + 0.001).contains("counts single characters")
        && sentences(best: orders[0] + 0.001).contains("still does better: train longer"))
    #expect(try sentences(best: 1e-9).contains("Tables that only count do worse; the best of them"))
    // A large text is counted after a long run only.
    #expect(TrainingConclusion.canCount(tokens: 400_000, afterSeconds: 1))
    #expect(!TrainingConclusion.canCount(tokens: 1_500_000, afterSeconds: 10))
    #expect(TrainingConclusion.canCount(tokens: 1_500_000, afterSeconds: 60))
  }
}
