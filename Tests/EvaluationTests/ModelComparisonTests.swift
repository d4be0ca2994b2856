import Evaluation
import Foundation
import Kernels
import ModelFiles
import TestSupport
import Testing
import Tokenization

@Suite struct ModelComparisonTests {
  /// Clusters of several scalars, unknown characters, and a last piece of less than half a block.
  static let text = String(repeating: EvaluatorTests.text + "e\u{301}\u{316} 👍🏽 ", count: 235)
  static let processor = Processor(threadCount: 1)

  /// - Parameter more: makes another vocabulary, and with it other weights.
  private func model(_ unit: TokenUnit, _ more: String = "") throws -> TextModel {
    try SampleModel(
      vocabularyOf: EvaluatorTests.known + more, TokenizerConfiguration(unit: unit)
    ).text
  }

  private func compare(_ models: [TextModel], _ texts: String...) throws -> ModelComparison {
    try ModelComparison(
      models, on: texts.map { .text($0, name: "text") }, processor: Self.processor)
  }

  /// The nats of all units before each border between two units of the model.
  private func sums(_ model: TextModel, _ text: String) throws -> [(characters: Int, nats: Double)]
  {
    let observer = RecordingObserver()
    var evaluator = Evaluator(model, processor: Self.processor)
    _ = try evaluator.evaluate(.text(text, name: "text"), observers: [observer])
    var (characters, nats) = (0, 0.0)
    return observer.units.map { unit in
      characters += unit.characterCount
      nats += unit.nats
      return (characters, nats)
    }
  }

  /// The mean and its standard error from the nats before the common borders, block by block.
  private func naiveDifference(
    _ first: TextModel, _ second: TextModel, _ text: String
  ) throws -> (mean: Double, error: Double) {
    let (one, two) = try (sums(first, text), sums(second, text))
    let other = Dictionary(uniqueKeysWithValues: two.map { ($0.characters, $0.nats) })
    let borders = one.filter { other[$0.characters] != nil }
    var cuts = [(characters: 0, nats: 0.0)]
    for border in borders where border.characters - cuts.last!.characters >= 1_000 {
      cuts.append((border.characters, border.nats - other[border.characters]!))
    }
    let last = borders.last!
    if last.characters - cuts.last!.characters < 500 { cuts.removeLast() }
    cuts.append((last.characters, last.nats - other[last.characters]!))
    let blocks = zip(cuts, cuts.dropFirst()).map {
      ($1.characters - $0.characters, $1.nats - $0.nats)
    }
    let characters = Double(last.characters)
    let mean = cuts.last!.nats / characters
    let variance =
      blocks.map { count, nats in pow(nats - mean * Double(count), 2) }.reduce(0, +)
      / Double(blocks.count - 1)
    return (mean, sqrt(Double(blocks.count) * variance) / characters)
  }

  static let pairs: [[TokenUnit]] = [
    [.scalar, .scalar], [.scalar, .grapheme], [.grapheme, .byte], [.byte, .scalar],
  ]

  @Test(arguments: pairs)
  func differencesEqualTheNaiveOnes(units: [TokenUnit]) throws {
    let models = try [model(units[0]), model(units[1], "ABCDEFG")]
    let comparison = try compare(models, Self.text)
    let naive = try naiveDifference(models[0], models[1], Self.text)
    let difference = comparison.difference(of: 0, and: 1)
    #expect(relativeError([difference.natsPerCharacter], [naive.mean]) < 1e-9)
    let error = try #require(difference.standardError)
    #expect(naive.error > 0)
    #expect(relativeError([error], [naive.error]) < 1e-6, "\(error) \(naive.error)")
    #expect(difference.isSignificant == (abs(naive.mean) > 2 * naive.error))

    let reversed = comparison.difference(of: 1, and: 0)
    #expect(reversed.natsPerCharacter == -difference.natsPerCharacter)
    #expect(relativeError([reversed.standardError!], [error]) < 1e-12)
    for (model, result) in zip(models, comparison.results) {
      var evaluator = Evaluator(model, processor: Self.processor)
      #expect(try evaluator.evaluate(.text(Self.text, name: "text")) == result)
    }
    #expect(comparison.best == (difference.natsPerCharacter > 0 ? 1 : 0))
  }

  @Test func aModelDoesNotDifferFromItself() throws {
    let model = try model(.scalar)
    let comparison = try compare([model, model], Self.text, "a short text")
    let difference = comparison.difference(of: 0, and: 1)
    #expect(difference.natsPerCharacter == 0 && difference.standardError == 0)
    #expect(difference.isSignificant == false)
    #expect(comparison.best == 0)
    // Of 20 or 21 blocks of the long text and one of the short.
    #expect(comparison.blocks.count == comparison.results[0].blocks.count)
  }

  @Test func aShortTextHasNoStandardError() throws {
    let models = try [model(.scalar), model(.scalar, "Q")]
    let difference = try compare(models, EvaluatorTests.text).difference(of: 0, and: 1)
    #expect(difference.natsPerCharacter != 0)
    #expect(difference.standardError == nil && difference.isSignificant == nil)
  }

  /// Of 400 independent texts whose neighboring blocks are alike a little, some 95 % have a mean
  /// that is at most 2 standard errors from the true one: 1.1 % of them either way, and as much for
  /// what blocks depend on each other.
  @Test func twoStandardErrorsHoldTheTrueDifferenceAsOftenAsTheyShould() throws {
    var random = RandomStream(seed: 21)
    var held = 0
    for _ in 0..<400 {
      let difference = PairedDifference(ConfidenceIntervalTests.blocks(100, mean: 0.5, &random))
      if abs(difference.natsPerCharacter - 0.5) <= 2 * (try #require(difference.standardError)) {
        held += 1
      }
    }
    #expect(0.91...0.98 ~= Double(held) / 400, "\(held)")
  }

  @Test func textsThatAreNormalizedDifferentlyAreNotCompared() throws {
    let composed = try model(.scalar)
    let decomposed = try SampleModel(
      vocabularyOf: EvaluatorTests.known, TokenizerConfiguration(normalization: .nfd)
    ).text
    let plain = String(repeating: "brown fox ", count: 250)
    // What a setting does not change in this text does not matter.
    _ = try compare([composed, decomposed], plain)
    let error = EvaluationError.normalizedTextsDiffer(
      name: "text", position: 1, other: 0, character: 2_000)
    #expect(throws: error) { try compare([composed, decomposed], plain, plain + "é") }
    // A text that ends earlier for one of them.
    let folded = try SampleModel(
      vocabularyOf: EvaluatorTests.known, TokenizerConfiguration(newlines: .lf)
    ).text
    let kept = try SampleModel(
      vocabularyOf: EvaluatorTests.known, TokenizerConfiguration(newlines: .keep)
    ).text
    for models in [[folded, kept], [kept, folded]] {
      #expect(throws: EvaluationError.self) {
        try compare(models, String(repeating: "x", count: 999) + "\r\n")
      }
    }
  }
}
