import Evaluation
import Foundation
import Kernels
import ModelFiles
import RecurrentNetwork
import Storage
import TestSupport
import Testing
import Tokenization

/// Weights that follow the text, and a score that stays honest.
@Suite struct DynamicEvaluatorTests {
  /// A text of less than a thousand tokens, computed by another order of the same sums.
  static let relativeTolerance = 1e-5
  static let known = "abcdefghij \n"
  static let processor = Processor(threadCount: 1)

  let model: TextModel
  let statistics: GradientStatistics

  /// - Parameter segmentLength: that of all settings of these tests.
  static let segmentLength = 6

  init() throws {
    model = try SampleModel(vocabularyOf: Self.known).text
    // A short text, so that tests in debug builds are quick.
    statistics = try GradientStatistics(
      of: .text(Self.text(300, seed: 9), name: "statistics"), model: model,
      segmentLength: Self.segmentLength, processor: Self.processor)
  }

  static func text(_ length: Int, seed: UInt64) -> String {
    var stream = RandomStream(seed: seed)
    let scalars = Array(known.unicodeScalars)
    return String(
      String.UnicodeScalarView((0..<length).map { _ in scalars[Int(stream.next() % 12)] }))
  }

  static func settings(rate: Double = 0.02, decay: Double = 0.01) -> DynamicSettings {
    DynamicSettings(segmentLength: segmentLength, learningRate: rate, decay: decay)
  }

  /// The nats of each token, without the choice among all that is unknown, and the figures.
  func score(
    _ text: String, settings: DynamicSettings = settings(), chunkByteCount: Int = 1 << 14,
    threadCount: Int = 1
  ) throws -> (nats: [Double], result: EvaluationResult) {
    var evaluator = DynamicEvaluator(
      model, settings: settings, statistics: statistics,
      processor: Processor(threadCount: threadCount))
    let observer = RecordingObserver()
    let result = try evaluator.evaluate(
      .text(text, name: "text"), chunkByteCount: chunkByteCount, observers: [observer])
    let nats = observer.units.map { unit in
      unit.nats - (unit.isUnknown ? model.tokenizer.unknownNats(scalarCount: 1) : 0)
    }
    return (nats, result)
  }

  @Test func withoutStepsTheScoreIsTheStaticOne() throws {
    let text = Self.text(200, seed: 1)
    let found = try score(text, settings: Self.settings(rate: 0)).result
    var evaluator = Evaluator(model, processor: Self.processor)
    let expected = try evaluator.evaluate(.text(text, name: "text"))
    #expect(relativeError([found.nats], [expected.nats]) < Self.relativeTolerance)
    #expect(found.tokens == expected.tokens && found.words == expected.words)
    #expect(found.bytes == expected.bytes && found.characters == expected.characters)
    #expect(try score(text).result.nats != found.nats)
  }

  /// The units' parts, the candidates and the interval belong to the weights that followed the text.
  @Test(arguments: [1, 7, 1 << 14])
  func observersSeeWhatTheFollowingWeightsMadeOfTheText(chunkByteCount: Int) throws {
    let text = Self.text(2_000, seed: 8) + "?a??" + Self.text(31, seed: 8)
    var evaluator = DynamicEvaluator(
      model, settings: Self.settings(), statistics: statistics, processor: Self.processor)
    let observer = RecordingObserver(candidateCount: model.tokenizer.vocabularySize)
    let result = try evaluator.evaluate(
      .text(text, name: "text"), chunkByteCount: chunkByteCount, observers: [observer])
    let units = observer.units
    #expect(units.map(\.spelling).joined() == text)
    #expect(relativeError([units.reduce(0) { $0 + $1.nats }], [result.nats]) < 1e-12)
    #expect(units.count(where: \.isUnknown) == 3 && result.unknownCharacters == 3)
    let unknownNats = units.reduce(0) { $0 + ($1.isUnknown ? $1.nats : 0) }
    #expect(abs(unknownNats - result.unknownNats) < 1e-9)
    #expect(result.blocks.count == 2)
    for unit in units where !unit.isUnknown {
      let token = model.tokenizer.encode(unit.spelling).ids[0]
      let candidate = try #require(unit.candidates.first { $0.token == token })
      #expect(abs(-log(candidate.probability) - unit.nats) < 1e-5)
    }
  }

  /// What comes later cannot have been looked at, to the last bit.
  @Test func noScoreDependsOnWhatComesAfterIt() throws {
    let text = Self.text(40, seed: 2)
    let nats = try score(text).nats
    #expect(nats.count == 40)
    for place in 0..<40 {
      // The same up to `place`, other characters from there on, and another length.
      let other = String(text.unicodeScalars.prefix(place)) + Self.text(50 - place, seed: 3)
      #expect(try Array(score(other).nats.prefix(place)) == Array(nats.prefix(place)))
    }
  }

  /// A score that took account of its own character would add up to more than 1 over all of them.
  @Test func theProbabilitiesOfAllCharactersAddUpAtEveryPlace() throws {
    let text = Self.text(20, seed: 4)
    for place in 0..<20 {
      var sum = 0.0
      for scalar in Self.known.unicodeScalars {
        let other = String(text.unicodeScalars.prefix(place)) + String(scalar)
        sum += try exp(-score(other).nats[place])
      }
      // And the unknown character, and the end of the text, which no text spells.
      sum += try exp(-score(String(text.unicodeScalars.prefix(place)) + "?").nats[place])
      #expect(sum < 1 && sum > 0.8, "\(sum) at \(place)")
      let rest = 1 - sum
      #expect(try abs(endProbability(after: text, place) - rest) < 1e-4, "at \(place)")
    }
  }

  /// The probability of `Vocabulary.endOfText` at `place`, with the weights and the state there.
  private func endProbability(after text: String, _ place: Int) throws -> Double {
    let segments = place / Self.segmentLength
    let read = String(text.unicodeScalars.prefix(segments * Self.segmentLength))
    var weights = model.weights
    if !read.isEmpty {
      weights =
        try model.adapted(
          to: .text(read, name: "read"), settings: Self.settings(), statistics: statistics,
          processor: Self.processor
        ).weights
    }
    var state = try carriedState(after: read)
    var predictor = Predictor(weights: weights, processor: Self.processor)
    var logits: [Float] = []
    let ids = [Vocabulary.endOfText] + model.tokenizer.encode(text).ids
    let unread = Array(ids[segments * Self.segmentLength...place])
    predictor.advance(unread, state: &state, logits: &logits)
    return exp(logProbability(of: Vocabulary.endOfText, logits))
  }

  /// The state that whole segments leave, each read with the weights of its time.
  private func carriedState(after text: String) throws -> RecurrentState {
    var state = RecurrentState(model.weights.configuration)
    let ids = [Vocabulary.endOfText] + model.tokenizer.encode(text).ids
    let scalars = Array(text.unicodeScalars)
    var logits: [Float] = []
    for first in stride(from: 0, to: scalars.count, by: Self.segmentLength) {
      var weights = model.weights
      if first > 0 {
        let read = String(String.UnicodeScalarView(scalars[..<first]))
        weights =
          try model.adapted(
            to: .text(read, name: "read"), settings: Self.settings(), statistics: statistics,
            processor: Self.processor
          ).weights
      }
      var predictor = Predictor(weights: weights, processor: Self.processor)
      predictor.advance(
        Array(ids[first..<first + Self.segmentLength]), state: &state, logits: &logits)
    }
    return state
  }

  @Test func theScoreDoesNotDependOnChunksThreadsOrEarlierTexts() throws {
    let text = Self.text(300, seed: 5)
    let whole = try score(text).nats
    for chunkByteCount in [1, 7, 64] {
      #expect(try score(text, chunkByteCount: chunkByteCount).nats == whole)
    }
    #expect(try score(text, threadCount: 3).nats == whole)
    var evaluator = DynamicEvaluator(
      model, settings: Self.settings(), statistics: statistics, processor: Self.processor)
    _ = try evaluator.evaluate(.text(Self.text(31, seed: 6), name: "other"))
    #expect(
      try evaluator.evaluate(.text(text, name: "text")) == score(text).result)
  }

  @Test func aTextThatRepeatsItselfIsLearned() throws {
    let text = String(repeating: "abcabdabe ", count: 60)
    let fixed = try score(text, settings: Self.settings(rate: 0)).result
    #expect(try score(text).result.natsPerCharacter < fixed.natsPerCharacter - 0.3)
  }

  @Test func aDecayOfAllTheWayForgetsAllButTheLastStep() throws {
    // A decay that is at least 1 for every weight whose gradients are not always zero.
    let text = Self.text(61, seed: 7)
    let settings = Self.settings(decay: 1e9)
    let scalars = Array(text.unicodeScalars)
    let first = String(String.UnicodeScalarView(scalars[..<12]))
    func adapted(_ text: String, decay: Double) throws -> TextModel {
      try model.adapted(
        to: .text(text, name: "text"), settings: Self.settings(decay: decay),
        statistics: statistics, processor: Self.processor)
    }
    #expect(try score(text, settings: settings).nats != score(text).nats)
    // After one step there is no way back yet, after two there is.
    let one = String(String.UnicodeScalarView(scalars[..<6]))
    #expect(try adapted(one, decay: 1e9).digest() == adapted(one, decay: 0).digest())
    #expect(try adapted(first, decay: 1e9).digest() != adapted(first, decay: 0).digest())
  }

  @Test func ratesThatAreTooHighAreAnError() throws {
    #expect(throws: EvaluationError.adaptationDiverged(name: "text")) {
      try score(Self.text(300, seed: 1), settings: Self.settings(rate: 1e38))
    }
    #expect(throws: EvaluationError.emptyText(name: "text")) { try score("") }
    let invalid: [(DynamicSettings, EvaluationSettingsError)] = [
      (DynamicSettings(segmentLength: 0), .outOfRange(.segmentLength, value: "0", least: 1)),
      (DynamicSettings(learningRate: -1), .outOfRange(.learningRate, value: "-1.0", least: 0)),
      (DynamicSettings(learningRate: .nan), .outOfRange(.learningRate, value: "nan", least: 0)),
      (DynamicSettings(decay: -0.1), .outOfRange(.decay, value: "-0.1", least: 0)),
      (DynamicSettings(decay: .infinity), .outOfRange(.decay, value: "inf", least: 0)),
    ]
    for (settings, error) in invalid {
      #expect(throws: error) { try settings.validate() }
    }
  }

  /// A decay that hardly matters is not walked down: one trial in each direction is enough.
  @Test func tuningEndsWhereItGainsNothing() throws {
    let text = TextSource.text(String(repeating: "abcabdabe ", count: 30), name: "tune")
    var tuning = try DynamicTuning(
      model, on: text, statistics: statistics, processor: Self.processor)
    var start = Self.settings(rate: 0.0005)
    start.decay = 1e-7
    _ = try tuning.search(from: start, changesRate: false)
    #expect((2...3).contains(tuning.trials.count), "\(tuning.trials)")
    let scores = tuning.trials.map(\.natsPerToken)
    #expect(scores.max()! - scores.min()! < 0.0002)
  }

  @Test func tuningFindsBetterRatesAndKeepsThoseThatAreGiven() throws {
    let text = TextSource.text(String(repeating: "abcabdabe ", count: 30), name: "tune")
    var tuning = try DynamicTuning(
      model, on: text, statistics: statistics, processor: Self.processor)
    let start = Self.settings(rate: 0.0005)
    let best = try tuning.search(from: start)
    let scores = tuning.trials.map(\.natsPerToken)
    #expect(tuning.trials.first?.settings == start)
    #expect(tuning.trials.first { $0.settings == best }?.natsPerToken == scores.min())
    #expect(best.learningRate > start.learningRate)
    let kept = try tuning.search(from: start, changesRate: false)
    #expect(kept.learningRate == start.learningRate)
  }
}
