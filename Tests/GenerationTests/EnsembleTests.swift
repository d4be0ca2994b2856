import Foundation
import Generation
import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization

@Suite struct EnsembleTests {
  /// Models of one tokenizer and of different weights.
  static func models(_ count: Int) throws -> [TextModel] {
    try (1...count).map { number in
      try SampleModel(vocabularyOf: TextGeneratorTests.text) { $0.vary(number) }.text
    }
  }

  private static func probabilities(_ logits: [Float]) -> [Double] {
    let weights = logits.map { exp(Double($0)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  @Test func probabilitiesAreTheMeanOfTheModels() throws {
    let models = try Self.models(3)
    let processor = Processor(threadCount: 2)
    let tokens = [Vocabulary.endOfText] + models[0].tokenizer.encode("The lazy fox").ids
    var ensemble = Ensemble(models.map(\.weights), processor: processor)
    var states = ensemble.initialStates
    var logits: [Float] = []
    ensemble.read(tokens, states: &states, logits: &logits)
    var mean = Array(repeating: 0.0, count: logits.count)
    for (index, model) in models.enumerated() {
      var predictor = Predictor(weights: model.weights, processor: processor)
      var state = RecurrentState(model.weights.configuration)
      var own: [Float] = []
      predictor.advance(tokens, state: &state, logits: &own)
      #expect(state == states[index])
      for (token, probability) in Self.probabilities(own).enumerated() {
        mean[token] += probability / 3
      }
    }
    for (found, expected) in zip(logits, mean) {
      #expect(abs(exp(Double(found)) - expected) < 1e-6 * expected)
    }

    // Side by side.
    var batch = EnsembleBatch(
      models.map(\.weights), states: Array(repeating: states, count: 3), processor: processor)
    let next: [TokenID] = [5, 9, 5]
    let rows = batch.step(next)
    for text in 0..<3 {
      var alone = states
      ensemble.read([next[text]], states: &alone, logits: &logits)
      #expect(logits == Array(UnsafeBufferPointer(start: rows.row(text), count: logits.count)))
      #expect(batch.states(of: text) == alone)
    }
  }

  @Test func aSingleModelIsItself() throws {
    let models = try Self.models(2)
    var alone = TextGenerator(models[0], processor: Processor(threadCount: 1))
    var single = try TextGenerator([models[0]], processor: Processor(threadCount: 1))
    var both = try TextGenerator(models, processor: Processor(threadCount: 3))
    let prompt = try Prompt("fox", tokenizer: models[0].tokenizer)
    let result = try alone.generate(after: prompt, length: 50, seed: 2)
    #expect(try single.generate(after: prompt, length: 50, seed: 2) == result)
    let together = try both.generate(after: prompt, length: 50, seed: 2)
    #expect(together.text != result.text)
    let several = try both.generate(
      after: prompt, count: 4, until: StoppingCriteria(length: 50), seed: 0)
    #expect(several[2] == together)
  }

  @Test func textsOfABatchCanBeExchanged() throws {
    let models = try Self.models(2)
    let processor = Processor(threadCount: 1)
    let states = models.map { RecurrentState($0.weights.configuration) }
    var batch = EnsembleBatch(
      models.map(\.weights), states: Array(repeating: states, count: 3), processor: processor)
    _ = batch.step([4, 5, 6])
    let before = (0..<3).map { batch.states(of: $0) }
    batch.select([2, 0, 2])
    #expect((0..<3).map { batch.states(of: $0) } == [before[2], before[0], before[2]])
  }

  @Test func modelsOfOtherTokenizersAreRefused() throws {
    let other = try SampleModel(vocabularyOf: "abc").text
    #expect(throws: TextModelError.tokenizersDiffer(position: 2)) {
      _ = try TextGenerator(Self.models(2) + [other], processor: Processor(threadCount: 1))
    }
  }
}
