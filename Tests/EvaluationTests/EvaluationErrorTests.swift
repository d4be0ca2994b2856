import Evaluation
import TestSupport
import Testing
import Tokenization

@Suite struct EvaluationErrorTests {
  @Test func anEmptyTextIsAnError() throws {
    let model = try SampleModel(vocabularyOf: "abc")
    let error = EvaluationError.emptyText(name: "text")
    #expect(throws: error) { try model.evaluate("") }
    #expect(
      error.description
        == "'text' holds no text to evaluate: give one of at least one character.")
  }

  @Test func aTextOfOneCharacterIsNot() throws {
    let model = try SampleModel(vocabularyOf: "abc")
    let result = try model.evaluate("a")
    #expect(result.tokens == 1)
    #expect(result.nats > 0)
    #expect(result.words == 1)
  }

  @Test func bytesThatAreNotUTF8AreFoundOrReplaced() throws {
    let model = try SampleModel(vocabularyOf: "abc", weight: 0)
    let bytes: [UInt8] = [0x61, 0x20, 0xE2, 0x82, 0x62]
    #expect(throws: TokenizationError.invalidUTF8(file: "text", byteOffset: 2)) {
      try model.evaluate(bytes)
    }
    let result = try model.evaluate(bytes, invalidUTF8: .replace)
    #expect(result.bytes == 5)
    #expect(result.characters == 4)
    #expect(result.words == 2)
    #expect(result.unknownCharacters == 2)
  }

  @Test func aModelWhoseNumbersOverflowIsAnError() throws {
    let model = try SampleModel(vocabularyOf: "abc", weight: 3e38)
    #expect(throws: EvaluationError.notFinite(name: "text")) { try model.evaluate("abc") }
  }
}
