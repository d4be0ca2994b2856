import Evaluation
import Foundation
import Kernels
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization

/// Keeps what it is told.
final class RecordingObserver: ScoreObserver {
  let candidateCount: Int
  private(set) var names: [String] = []
  private(set) var units: [ScoredUnit] = []
  private(set) var results: [EvaluationResult] = []

  init(candidateCount: Int = 0) { self.candidateCount = candidateCount }

  func beginText(named name: String) { names.append(name) }
  func append(_ units: [ScoredUnit]) { self.units += units }
  func endText(_ result: EvaluationResult) { results.append(result) }
}

@Suite struct ScoreObserverTests {
  static let text = EvaluatorTests.text + "👍🏽 e\u{301}\u{316}"

  @Test(arguments: [TokenUnit.scalar, .grapheme, .byte])
  func unitsSpellTheTextAndAddUpToItsFigures(unit: TokenUnit) throws {
    let model = try SampleModel(
      vocabularyOf: EvaluatorTests.known, TokenizerConfiguration(unit: unit))
    var evaluator = Evaluator(model.text, processor: Processor(threadCount: 1))
    let plain = try evaluator.evaluate(.text(Self.text, name: "text"))
    for chunkByteCount in [1, 7, 1 << 14] {
      let observer = RecordingObserver(candidateCount: 5)
      let result = try evaluator.evaluate(
        .text(Self.text, name: "text"), invalidUTF8: .error, chunkByteCount: chunkByteCount,
        observers: [observer])
      #expect(result == plain)
      #expect(observer.results == [result])
      #expect(observer.names == ["text"])
      let units = observer.units
      let spelled = units.map(\.spelling).joined()
      #expect(Array(spelled.utf8) == Array(model.text.tokenizer.normalize(Self.text).utf8))
      #expect(units.reduce(0) { $0 + $1.characterCount } == result.characters)
      #expect(units.count(where: \.isUnknown) == result.unknownCharacters)
      #expect(relativeError([units.reduce(0) { $0 + $1.nats }], [result.nats]) < 1e-12)
      let unknownNats = units.reduce(0) { $0 + ($1.isUnknown ? $1.nats : 0) }
      #expect(abs(unknownNats - result.unknownNats) < 1e-9)
      #expect(units.allSatisfy { $0.candidates.count == 5 })
    }
  }

  /// Against the logits that `advance` gives, ranked by a sort.
  @Test func candidatesAreTheLikeliestTokensInOrder() throws {
    let model = try SampleModel(vocabularyOf: EvaluatorTests.known)
    let observer = RecordingObserver(candidateCount: 5)
    // More than a window of the predictor.
    let text = String(repeating: Self.text, count: 6)
    var evaluator = Evaluator(model.text, processor: Processor(threadCount: 1))
    _ = try evaluator.evaluate(.text(text, name: "text"), observers: [observer])

    var predictor = Predictor(weights: model.text.weights, processor: Processor(threadCount: 1))
    var state = RecurrentState(model.text.weights.configuration)
    var logits: [Float] = []
    var previous = Vocabulary.endOfText
    #expect(observer.units.count > 500)
    for (token, unit) in zip(model.text.tokenizer.encode(text).ids, observer.units) {
      predictor.advance([previous], state: &state, logits: &logits)
      let ranked = logits.indices.sorted { logits[$0] > logits[$1] }.prefix(5)
      #expect(unit.candidates.map { Int($0.token) } == Array(ranked))
      for candidate in unit.candidates {
        let expected = exp(logProbability(of: candidate.token, logits))
        #expect(abs(candidate.probability - expected) < 1e-9)
        if candidate.token == token, !unit.isUnknown {
          #expect(abs(-log(candidate.probability) - unit.nats) < 1e-6)
        }
      }
      previous = token
    }
  }

  @Test func moreCandidatesThanTokensAreAllOfThem() throws {
    let model = try SampleModel(vocabularyOf: "ab", weight: 0)
    let observer = RecordingObserver(candidateCount: 9)
    var evaluator = Evaluator(model.text, processor: Processor(threadCount: 1))
    _ = try evaluator.evaluate(.text("ab?", name: "text"), observers: [observer])
    let uniform = (0..<4).map { Candidate(token: TokenID($0), probability: 0.25) }
    #expect(observer.units.map(\.candidates) == [uniform, uniform, uniform])
  }

  @Test func anObserverCanEndTheEvaluation() throws {
    struct Enough: Error {}
    final class Impatient: ScoreObserver {
      let candidateCount = 0
      func beginText(named name: String) {}
      func append(_ units: [ScoredUnit]) throws { throw Enough() }
      func endText(_ result: EvaluationResult) { Issue.record("the text did not end") }
    }
    let model = try SampleModel(vocabularyOf: EvaluatorTests.known)
    var evaluator = Evaluator(model.text, processor: Processor(threadCount: 1))
    #expect(throws: Enough.self) {
      try evaluator.evaluate(.text("fox", name: "text"), observers: [Impatient()])
    }
  }
}
