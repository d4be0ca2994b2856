import Foundation
import Generation
import Kernels
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization

@Suite struct BeamTests {
  private func search(
    _ model: SampleModel, _ prompt: String = "", beamCount: Int, _ criteria: StoppingCriteria,
    banned: Set<TokenID> = [], threadCount: Int = 1
  ) throws -> GenerationResult {
    var generator = TextGenerator(model.text, processor: Processor(threadCount: threadCount))
    return try generator.search(
      after: Prompt(prompt, tokenizer: model.text.tokenizer), beamCount: beamCount,
      until: criteria, banned: banned)
  }

  @Test func oneBeamChoosesAsTemperatureZero() throws {
    let model = try SampleModel(vocabularyOf: TextGeneratorTests.text)
    for prompt in ["", "fox", "é."] {
      let result = try search(model, prompt, beamCount: 1, StoppingCriteria(length: 40))
      let greedy = try model.generate(prompt, length: 40, TextGeneratorTests.greedy)
      #expect(result.text == greedy.text && result.tokens == 40)
      #expect(abs(result.natsPerToken! - greedy.natsPerToken!) < 1e-5)
    }
  }

  @Test func enoughBeamsFindTheMostLikelyOfAllTexts() throws {
    let model = try SampleModel(vocabularyOf: "abc")
    var texts: [[TokenID]] = [[]]
    for _ in 0..<5 { texts = texts.flatMap { text in (2...4).map { text + [TokenID($0)] } } }
    let best = texts.min { model.natsPerToken($0) < model.natsPerToken($1) }!
    let result = try search(model, beamCount: 81, StoppingCriteria(length: 5), threadCount: 3)
    #expect(result.text == model.text.tokenizer.decode(best))
    #expect(abs(result.natsPerToken! - model.natsPerToken(best)) < 1e-5)
  }

  @Test func moreBeamsFindAtLeastAsLikelyTextsHere() throws {
    let model = try SampleModel(vocabularyOf: TextGeneratorTests.text)
    let scores = try [1, 4, 16].map {
      try search(model, beamCount: $0, StoppingCriteria(length: 25)).natsPerToken!
    }
    #expect(scores[2] <= scores[1] && scores[1] <= scores[0] && scores[2] < scores[0])
  }

  @Test func beamsStopAndLeaveOutWhatIsBanned() throws {
    let model = try SampleModel(vocabularyOf: TextGeneratorTests.text) { parameters in
      parameters.values(of: parameters.layout.outputBias)[Int(Vocabulary.endOfText)] = 2
    }
    let free = try search(model, beamCount: 5, StoppingCriteria(length: 20))
    let first = free.text.unicodeScalars.first!
    let banned = try #require(try model.text.tokenizer.tokens(ofCharacters: String(first))[0])
    let without = try search(model, beamCount: 5, StoppingCriteria(length: 20), banned: [banned])
    #expect(!without.text.unicodeScalars.contains(first))
    let stopped = try search(
      model, beamCount: 5,
      StoppingCriteria(length: 20, minimumLength: 3, stopsAtEndOfText: true))
    #expect(3...20 ~= stopped.characters)
    let none = try search(model, beamCount: 5, StoppingCriteria(length: 0))
    #expect(none.text.isEmpty && none.natsPerToken == nil)
  }

  @Test func aModelWhoseNumbersOverflowStillGivesText() throws {
    let model = try SampleModel(vocabularyOf: "abc") { parameters in
      for index in 0..<parameters.count { parameters.start[index] = 3e38 }
    }
    let result = try search(model, beamCount: 3, StoppingCriteria(length: 20))
    #expect(result.text.count == 20 && result.natsPerToken == nil)
  }

  @Test func theMostLikelySampleIsFound() {
    func result(_ nats: Double?) -> GenerationResult {
      GenerationResult(text: "", tokens: 1, natsPerToken: nats, finishReason: .length)
    }
    #expect(GenerationResult.mostLikely(of: [result(2), result(nil), result(1), result(1)]) == 2)
    #expect(GenerationResult.mostLikely(of: [result(nil), result(nil)]) == 0)
  }
}
