import Evaluation
import Foundation
import Kernels
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization

/// Every figure is a length at which the text could be written down.
@Suite struct CodeLengthTests {
  /// With all parameters zero every token has the probability 1 / V.
  static let tolerance = 1e-6
  static let scalarCount = 0x110000 - 0x800

  @Test func anUnknownCharacterCostsItsTokenAndAUniformChoice() throws {
    let model = try SampleModel(vocabularyOf: "abc", weight: 0)
    #expect(model.vocabularySize == 5)
    let result = try model.evaluate("a€b🙂")
    let expected = 4 * log(5) + 2 * log(Double(Self.scalarCount - 3))
    #expect(abs(result.nats - expected) < Self.tolerance)
    #expect(result.unknownCharacters == 2)
    #expect(result.bytes == 9)
    #expect(result.characters == 4)
  }

  /// The probabilities of all texts of one character add up to 1 less that of the end of the text.
  @Test func theProbabilitiesOfAllTextsOfOneCharacterAddUp() throws {
    let configuration = TokenizerConfiguration(normalization: .none, newlines: .keep)
    let known = ["a", "b", "\r", "é", "\u{301}", "\u{212B}", "🙂"]
    let model = try SampleModel(vocabularyOf: known.joined(), configuration)
    #expect(model.vocabularySize == known.count + 2)

    // How many of all scalars are unknown the encoder says itself.
    let all = (UInt32(0)..<0x110000).lazy.compactMap(Unicode.Scalar.init)
    var encoder = TokenEncoder(model.text.tokenizer)
    var ids: [TokenID] = []
    let utf8 = Array(String(String.UnicodeScalarView(all)).utf8)
    utf8.withUnsafeBytes { encoder.append($0, to: &ids) }
    encoder.finish(to: &ids)
    #expect(ids.count == Self.scalarCount)
    #expect(encoder.unknownCount == Self.scalarCount - known.count)

    var sum = 0.0
    for character in known { sum += exp(-(try model.evaluate(character).nats)) }
    let unknown = exp(-(try model.evaluate("q").nats))
    #expect(exp(-(try model.evaluate("\u{10FFFF}").nats)) == unknown)
    sum += Double(encoder.unknownCount) * unknown

    var predictor = Predictor(
      weights: model.text.weights, processor: Processor(threadCount: 1))
    var state = RecurrentState(model.text.weights.configuration)
    var logits: [Float] = []
    predictor.advance([Vocabulary.endOfText], state: &state, logits: &logits)
    let end = exp(logProbability(of: Vocabulary.endOfText, logits))
    #expect(abs(sum - (1 - end)) < Self.tolerance)
    #expect(end > 0.001)
  }

  @Test func bytesAreScoredOneByOneAndNeverUnknown() throws {
    let model = try SampleModel(
      vocabularyOf: "", TokenizerConfiguration(unit: .byte), weight: 0)
    let result = try model.evaluate("a€🙂")
    #expect(result.tokens == 8)
    #expect(result.characters == 3)
    #expect(result.bytes == 8)
    #expect(result.unknownCharacters == 0)
    #expect(abs(result.nats - 8 * log(258)) < Self.tolerance)
  }

  @Test func anUnknownGraphemeClusterIsSpelled() throws {
    let model = try SampleModel(
      vocabularyOf: "ab🏳️‍🌈", TokenizerConfiguration(unit: .grapheme), weight: 0)
    #expect(model.vocabularySize == 5)
    let result = try model.evaluate("a🏳️‍🌈👍🏽")
    #expect(result.tokens == 3)
    #expect(result.characters == 1 + 4 + 2)
    #expect(result.unknownCharacters == 1)
    let expected = 3 * log(5) + 3 * log(Double(Self.scalarCount + 1))
    #expect(abs(result.nats - expected) < Self.tolerance)
  }

  @Test func bytesAreThoseOfTheFileAndCharactersThoseOfTheModel() throws {
    let model = try SampleModel(vocabularyOf: "é\nabcdefghijklmno", weight: 0)
    let composed = try model.evaluate("é\né\n")
    let decomposed = try model.evaluate("e\u{301}\r\ne\u{301}\r")
    #expect(composed.bytes == 6)
    #expect(decomposed.bytes == 9)
    #expect(decomposed.characters == 4)
    #expect(decomposed.tokens == 4)
    #expect(decomposed.nats == composed.nats)
    #expect(decomposed.words == 2)
    let bits = 4 * log2(Double(model.vocabularySize))
    #expect(abs(decomposed.bitsPerByte - bits / 9) < Self.tolerance)
    #expect(abs(decomposed.bitsPerCharacter - bits / 4) < Self.tolerance)
    // A text that is held back to its end is scored, too.
    #expect(try model.evaluate("e\u{301}").tokens == 1)
  }

  @Test func theSumStaysAccurate() {
    var sum = CompensatedSum()
    var plain = 0.0
    for _ in 0..<1_000_000 {
      sum.add(0.1)
      plain += 0.1
    }
    // 0.1 is 0.1 + 5.6e-18 in binary, so the exact sum rounds to 100,000.
    #expect(sum.value == 100_000)
    #expect(plain != 100_000)
    var canceling = CompensatedSum()
    for term in [1, 1e100, 1, -1e100] { canceling.add(term) }
    #expect(canceling.value == 2)
    var infinite = CompensatedSum()
    for term in [1, Double.infinity, 1] { infinite.add(term) }
    #expect(infinite.value == .infinity)
  }
}
