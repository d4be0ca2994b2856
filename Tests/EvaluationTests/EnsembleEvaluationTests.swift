import Evaluation
import Foundation
import Kernels
import ModelFiles
import TestSupport
import Testing
import Tokenization

/// Several models that predict one text together.
@Suite struct EnsembleEvaluationTests {
  /// A mean that is taken in double precision of the members' nats.
  static let tolerance = 1e-9
  /// Candidates come from logits that are rounded to Float.
  static let candidateTolerance = 1e-6
  static let processor = Processor(threadCount: 2)

  static func models(_ count: Int, vocabularyOf text: String = EvaluatorTests.known) throws
    -> [TextModel]
  {
    try (1...count).map { number in
      try SampleModel(vocabularyOf: text, tokenizer: TokenizerConfiguration()) { parameters in
        parameters.vary(number)
      }.text
    }
  }

  /// The units of a text as these models see it together, and its figures.
  static func score(
    _ models: [TextModel], _ text: String, candidateCount: Int = 0, chunkByteCount: Int = 1 << 14
  ) throws -> (units: [ScoredUnit], result: EvaluationResult) {
    var evaluator = try Evaluator(models, processor: processor)
    let observer = RecordingObserver(candidateCount: candidateCount)
    let result = try evaluator.evaluate(
      .text(text, name: "text"), invalidUTF8: .error, chunkByteCount: chunkByteCount,
      observers: [observer])
    return (observer.units, result)
  }

  /// So many symbols that the logits of all places of such a text are not held at once.
  static let symbols = String(
    String.UnicodeScalarView((UInt32(0x4E00)..<0x51E8).map { Unicode.Scalar($0)! }))

  @Test(arguments: [false, true])
  func oneModelTwiceIsTheModelAlone(hasManySymbols: Bool) throws {
    let known = hasManySymbols ? Self.symbols : EvaluatorTests.known
    let text =
      hasManySymbols
      ? String(String.UnicodeScalarView(known.unicodeScalars.suffix(500))) + "Ω一"
      : EvaluatorTests.text
    let model = try Self.models(1, vocabularyOf: known)[0]
    let alone = try Self.score([model], text, candidateCount: 3)
    let twice = try Self.score([model, model], text, candidateCount: 3)
    #expect(abs(twice.result.nats - alone.result.nats) < Self.tolerance)
    #expect(twice.units.count == alone.units.count)
    for (found, expected) in zip(twice.units, alone.units) {
      #expect(abs(found.nats - expected.nats) < Self.tolerance)
      #expect(found.candidates.map(\.token) == expected.candidates.map(\.token))
    }
    var evaluator = Evaluator(model, processor: Self.processor)
    #expect(try evaluator.evaluate(.text(text, name: "text")) == alone.result)
  }

  @Test func everyPlaceHasTheMeanOfTheProbabilities() throws {
    let models = try Self.models(3)
    let vocabularySize = models[0].tokenizer.vocabularySize
    let text = EvaluatorTests.text
    let alone = try models.map { try Self.score([$0], text, candidateCount: vocabularySize).units }
    let together = try Self.score(models, text, candidateCount: vocabularySize).units
    #expect(together.count == alone[0].count && together[0].isUnknown)
    #expect(abs(alone[0][0].nats - alone[1][0].nats) > 1e-3)
    for place in together.indices {
      let expected = alone.reduce(0) { $0 + exp(-$1[place].nats) / 3 }
      #expect(abs(together[place].nats + log(expected)) < Self.tolerance)
      var means = [Double](repeating: 0, count: vocabularySize)
      for units in alone {
        for candidate in units[place].candidates {
          means[Int(candidate.token)] += candidate.probability / 3
        }
      }
      let candidates = together[place].candidates
      #expect(candidates.count == vocabularySize)
      for candidate in candidates {
        let mean = means[Int(candidate.token)]
        #expect(abs(candidate.probability - mean) < Self.candidateTolerance * mean)
      }
    }
  }

  @Test func neitherOrderNorChunksNorObserversMatter() throws {
    let models = try Self.models(3)
    let text = String(repeating: EvaluatorTests.text, count: 3)
    let whole = try Self.score(models, text).result
    let others = try [
      Self.score(models.reversed(), text), Self.score(models, text, candidateCount: 2),
      Self.score(models, text, candidateCount: 2, chunkByteCount: 3),
    ]
    for (_, result) in others {
      #expect(abs(result.nats - whole.nats) < Self.tolerance)
      #expect(result.tokens == whole.tokens && result.bytes == whole.bytes)
      #expect(result.unknownCharacters == whole.unknownCharacters)
    }
    var evaluator = try Evaluator(models, processor: Self.processor)
    _ = try evaluator.evaluate(.text("grille", name: "other"))
    #expect(try evaluator.evaluate(.text(text, name: "text")) == whole)
  }

  /// Weights that follow the text do so in each model as in that model alone.
  @Test(arguments: [1, 7, 1 << 14])
  func modelsThatAdaptDoSoEachByItself(chunkByteCount: Int) throws {
    let text = String(repeating: "The brown fox Ω ", count: 8)
    let members = try zip(Self.models(2), [0.02, 0.001]).map { model, rate in
      DynamicEvaluator.Member(
        model: model, settings: DynamicSettings(segmentLength: 6, learningRate: rate),
        statistics: try GradientStatistics(
          of: .text(EvaluatorTests.known, name: "known"), model: model, segmentLength: 6,
          processor: Self.processor))
    }
    func units(_ members: [DynamicEvaluator.Member]) throws -> [ScoredUnit] {
      var evaluator = try DynamicEvaluator(members, processor: Self.processor)
      let observer = RecordingObserver(candidateCount: 1)
      _ = try evaluator.evaluate(
        .text(text, name: "text"), chunkByteCount: chunkByteCount, observers: [observer])
      return observer.units
    }
    let alone = try members.map { try units([$0]) }
    let together = try units(members)
    #expect(together.count == 128 && alone[0].count == 128)
    #expect(abs(alone[0][127].nats - alone[1][127].nats) > 1e-3)
    for place in together.indices {
      let expected = alone.reduce(0) { $0 + exp(-$1[place].nats) / 2 }
      #expect(abs(together[place].nats + log(expected)) < Self.tolerance)
      #expect(together[place].candidates.count == 1)
    }
  }

  @Test func modelsOfOtherTokenizersAreRefused() throws {
    let models = try Self.models(2) + Self.models(1, vocabularyOf: "abc")
    let error = TextModelError.tokenizersDiffer(position: 2)
    #expect(throws: error) { _ = try Evaluator(models, processor: Self.processor) }
    #expect(
      error.description
        == "Model 3 has other characters than the first: "
        + "give models with the same tokenizer, such as models trained on the same text.")
  }
}
