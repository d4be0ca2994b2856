import Generation
import Kernels
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization

@Suite struct TextGeneratorTests {
  static let text = "The quick brown fox jumps over the lazy dog, größer — é.\n"
  static let greedy = SamplerSettings(temperature: 0)

  /// A text begins after a blank line if the model expects one after a line end, in the middle of a
  /// text of its own.
  @Test(arguments: [Float(30), -30])
  func aParagraphBeginsAsTheModelExpects(bias: Float) throws {
    for text in ["a sheep.\n\nb", "a sheep\nb"] {
      let model = try SampleModel(vocabularyOf: text) { parameters in
        // The least scalar of the text.
        let lineEnd = Int(Vocabulary.endOfText) + 1
        parameters.values(of: parameters.layout.outputBias)[lineEnd] = bias
      }.text
      var generator = TextGenerator(model, processor: Processor(threadCount: 1))
      func next(_ state: GenerationState) throws -> [NextCharacter] {
        try generator.nextCharacters(
          after: state, until: StoppingCriteria(length: 1), settings: SamplerSettings())
      }
      var criteria = StoppingCriteria(length: 100)
      criteria.finish = .sentence
      let expected = try ["\n", "\n\n"].map { beginning in
        var state = generator.initialState
        _ = try generator.generate(
          after: Prompt("", tokenizer: model.tokenizer), from: &state,
          until: criteria, settings: SamplerSettings(temperature: 0.8), seed: 0
        )
        _ = try generator.read(.text(beginning, name: "beginning"), into: &state)
        return try next(state)
      }
      #expect(expected[0] != expected[1])
      let state = try generator.paragraphState()
      #expect(state.recent.tokens.isEmpty)
      #expect(try next(state) == expected[bias > 0 ? 1 : 0])
    }
  }

  @Test func aModelWithoutLineEndsBeginsAtTheBeginning() throws {
    let model = try SampleModel(vocabularyOf: "a sheep.").text
    var generator = TextGenerator(model, processor: Processor(threadCount: 1))
    var state = try generator.paragraphState()
    let text = try generator.generate(
      after: Prompt("", tokenizer: model.tokenizer), from: &state,
      until: StoppingCriteria(length: 30), seed: 1
    ).text
    let plain = try generator.generate(
      after: Prompt("", tokenizer: model.tokenizer), length: 30, seed: 1
    ).text
    #expect(text == plain)
  }

  @Test func greedyGenerationIsTheTwinsChainOfMostLikelyTokens() throws {
    let model = try SampleModel(vocabularyOf: Self.text)
    var all: Set<TokenID> = []
    for prompt in ["", "The lazy", "x", "größer", "é.\n", "over", "z"] {
      let result = try model.generate(prompt, length: 30, Self.greedy)
      let ids = mostLikelyTokens(model, after: prompt, count: 30)
      #expect(result.text == model.text.tokenizer.decode(ids))
      #expect(result.tokens == 30)
      #expect(result.finishReason == .length)
      all.formUnion(ids)
    }
    // Else the chains would be no test of the state.
    #expect(all.count > 5)
  }

  private func mostLikelyTokens(
    _ model: SampleModel, after prompt: String, count: Int
  ) -> [TokenID] {
    var state = model.twin.zeroState(batchSize: 1)
    var ids: [TokenID] = []
    var unread = [Vocabulary.endOfText] + model.text.tokenizer.encode(prompt).ids
    for _ in 0..<count {
      _ = model.twin.nats(
        inputs: unread.map { [Int($0)] }, targets: unread.map { _ in [0] }, state: &state)
      let logits = model.twin.logits(state.last![0].hidden)
      let allowed = logits.indices.dropFirst(2)
      unread = [TokenID(allowed.max { logits[$0] < logits[$1] }!)]
      ids += unread
    }
    return ids
  }

  @Test func theSameSeedGivesTheSameTextForAnyNumberOfThreads() throws {
    let model = try SampleModel(vocabularyOf: Self.text)
    let settings = SamplerSettings(temperature: 0.9, topK: 12)
    let result = try model.generate("fox", length: 80, settings, seed: 5)
    #expect(try model.generate("fox", length: 80, settings, seed: 5, threadCount: 3) == result)
    #expect(try model.generate("fox", length: 80, settings, seed: 6).text != result.text)
    #expect(try model.generate("dog", length: 80, settings, seed: 5).text != result.text)
    // A shorter text is the beginning of a longer one.
    let shorter = try model.generate("fox", length: 30, settings, seed: 5)
    #expect(result.text.hasPrefix(shorter.text))
  }

  @Test func aGeneratorBeginsEveryTextAnew() throws {
    let model = try SampleModel(vocabularyOf: Self.text)
    var generator = TextGenerator(model.text, processor: Processor(threadCount: 1))
    let prompt = try Prompt("fox", tokenizer: model.text.tokenizer)
    let first = try generator.generate(after: prompt, length: 20, seed: 1)
    #expect(try generator.generate(after: prompt, length: 20, seed: 1) == first)
  }

  @Test func promptsMayBeEmptyDecomposedOrUnknown() throws {
    let model = try SampleModel(vocabularyOf: Self.text)
    #expect(try model.generate("", length: 9).text.unicodeScalars.count == 9)
    #expect(
      try model.generate("gro\u{308}ßer", length: 40) == model.generate("gr\u{F6}ßer", length: 40))
    #expect(
      try model.generate("fox 🙂", length: 40) == model.generate("fox \u{10FFFF}", length: 40))
    #expect(try model.generate("fox", length: 0).text == "")
    #expect(try model.generate("fox", length: 0).natsPerToken == nil)
    #expect(
      throws: GenerationSettingsError.outOfRange(
        .length, value: "-1", range: "a number of characters, 0 or more")
    ) {
      try model.generate("fox", length: -1)
    }
    #expect(
      throws: GenerationSettingsError.outOfRange(
        .topK, value: "0", range: "a number of characters, at least 1")
    ) {
      try model.generate("fox", length: 1, SamplerSettings(topK: 0))
    }
  }

  @Test func theUnknownAndTheEndOfTextTokenAreNeverGenerated() throws {
    let model = try SampleModel(vocabularyOf: Self.text) { parameters in
      let bias = parameters.values(of: parameters.layout.outputBias)
      bias[Int(Vocabulary.unknown)] = 60
      bias[Int(Vocabulary.endOfText)] = 70
    }
    for settings in [Self.greedy, SamplerSettings(topK: 1), SamplerSettings(temperature: 50)] {
      let result = try model.generate(length: 200, settings)
      #expect(result.text.unicodeScalars.count == 200)
      #expect(!result.text.unicodeScalars.contains("\u{FFFD}"))
      // By the model's own distribution, hardly anything that can be chosen is likely.
      #expect(result.natsPerToken! > 40)
    }
  }

  @Test func theLikelihoodIsTheModelsOwn() throws {
    let model = try SampleModel(vocabularyOf: Self.text)
    let prompt = model.text.tokenizer.encode("dog").ids
    let result = try model.generate(
      "dog", length: 70, SamplerSettings(temperature: 0.5, topK: 4))
    var predictor = Predictor(
      weights: model.text.weights, processor: Processor(threadCount: 1))
    var state = RecurrentState(model.text.weights.configuration)
    var previous = Vocabulary.endOfText
    var nats: [Double] = []
    let tokens = prompt + model.text.tokenizer.encode(result.text).ids
    tokens.withUnsafeBufferPointer {
      predictor.score($0, after: &previous, state: &state, nats: &nats)
    }
    #expect(result.natsPerToken == nats[prompt.count...].reduce(0, +) / 70)
  }

  @Test func textIsStreamedAsItGrows() throws {
    struct Enough: Error {}
    let model = try SampleModel(vocabularyOf: Self.text)
    var pieces: [String] = []
    let result = try model.generate(length: 50) { pieces.append($0) }
    // The first character is complete with the second one, the last one with the text.
    #expect(pieces.count == 49)
    #expect(pieces.joined() == result.text)
    pieces = []
    #expect(throws: Enough.self) {
      try model.generate(length: 50) {
        pieces.append($0)
        if pieces.count == 7 { throw Enough() }
      }
    }
    #expect(pieces.count == 7)
  }

  @Test func bytesBecomeWholeCharactersAndBrokenOnesAreReplaced() throws {
    let model = try SampleModel(vocabularyOf: "", TokenizerConfiguration(unit: .byte)) {
      // Bytes outside ASCII become likely, so that sequences are whole at times and broken at
      // others.
      let bias = $0.values(of: $0.layout.outputBias)
      for byte in 0x80..<0x100 { bias[byte + 2] += byte >= 0xC2 && byte < 0xF5 ? 2 : 3 }
    }
    for length in [1, 2, 3, 10, 500] {
      for seed in UInt64(0)..<8 {
        var pieces: [[Unicode.Scalar]] = []
        let result = try model.generate("é", length: length, seed: seed) {
          pieces.append(Array($0.unicodeScalars))
        }
        #expect(pieces.joined().count == length)
        // Each piece ends where a grapheme cluster does.
        var clusters = GraphemeBuffer.clusters(of: result.text)[...]
        for piece in pieces {
          var rest = piece[...]
          while let cluster = rest.isEmpty ? nil : clusters.popFirst() {
            #expect(
              Array(rest.prefix(cluster.unicodeScalars.count)) == Array(cluster.unicodeScalars))
            rest = rest.dropFirst(cluster.unicodeScalars.count)
          }
        }
        #expect(clusters.isEmpty)
        #expect(Array(pieces.joined()) == Array(result.text.unicodeScalars))
        #expect(result.tokens <= 4 * length)

        // The same bytes, decoded by the standard library.
        let bytes = try bytes(model, seed: seed, count: result.tokens)
        let decoded = String(decoding: bytes, as: UTF8.self).unicodeScalars
        #expect(Array(decoded.prefix(length)) == Array(result.text.unicodeScalars))
        if length == 500 {
          #expect(decoded.contains { $0.value > 0x7F && $0 != "\u{FFFD}" })
          #expect(decoded.contains("\u{FFFD}"))
        }
      }
    }
  }

  /// The bytes that predictor and sampler choose behind "é".
  private func bytes(_ model: SampleModel, seed: UInt64, count: Int) throws -> [UInt8] {
    var predictor = Predictor(
      weights: model.text.weights, processor: Processor(threadCount: 1))
    var sampler = try Sampler(SamplerSettings(), vocabularySize: 258, forbidden: [0, 1])
    var stream = RandomStream(seed: seed)
    var state = RecurrentState(model.text.weights.configuration)
    var logits: [Float] = []
    var bytes: [UInt8] = []
    var unread: [TokenID] = [1, 0xC3 + 2, 0xA9 + 2]
    for _ in 0..<count {
      predictor.advance(unread, state: &state, logits: &logits)
      unread = [sampler.next(logits, using: &stream)]
      bytes.append(UInt8(unread[0] - 2))
    }
    return bytes
  }

  @Test func graphemeClustersAreWholeAndCountAsOne() throws {
    let units = ["a", "e\u{301}\u{316}", "👨‍👩‍👧", "🇩🇪", "\r\n"]
    let model = try SampleModel(
      vocabularyOf: units.joined(),
      TokenizerConfiguration(unit: .grapheme, normalization: .none, newlines: .keep))
    #expect(model.text.tokenizer.vocabularySize == 7)
    var pieces: [String] = []
    let result = try model.generate("🇩🇪a", length: 100, SamplerSettings(temperature: 9)) {
      pieces.append($0)
    }
    #expect(pieces.count == 99)
    #expect(Set(pieces.dropLast()) == Set(units))
    #expect(result.tokens == 100)
  }

  @Test func aVocabularyWithoutCharactersIsAnError() throws {
    let model = try SampleModel(vocabularyOf: "abc", TokenizerConfiguration(minimumCount: 9))
    #expect(model.text.tokenizer.vocabularySize == 2)
    #expect(throws: GenerationError.emptyVocabulary) { try model.generate(length: 1) }
  }

  @Test func aModelWhoseNumbersOverflowStillGivesText() throws {
    let model = try SampleModel(vocabularyOf: "abc") { parameters in
      for index in 0..<parameters.count { parameters.start[index] = 3e38 }
    }
    let result = try model.generate("a", length: 20)
    #expect(result.text.count == 20)
    #expect(result.natsPerToken == nil)
  }

  @Test(arguments: [1, 3])
  func severalTextsSideBySideAreThoseOfTheirSeeds(threadCount: Int) throws {
    for unit in [TokenUnit.scalar, .byte] {
      let model = try SampleModel(
        vocabularyOf: "The größer fox é", TokenizerConfiguration(unit: unit))
      var generator = TextGenerator(model.text, processor: Processor(threadCount: threadCount))
      let prompt = try Prompt("fox", tokenizer: model.text.tokenizer)
      let settings = SamplerSettings(temperature: 1.2, topK: 9)
      var pieces = Array(repeating: "", count: 7)
      let results = try generator.generate(
        after: prompt, count: 7, until: StoppingCriteria(length: 40), settings: settings, seed: 11
      ) { pieces[$0] += $1 }
      #expect(pieces == results.map(\.text))
      #expect(Set(pieces).count == 7)
      for (index, result) in results.enumerated() {
        let alone = try model.generate("fox", length: 40, settings, seed: 11 + UInt64(index))
        #expect(result == alone)
      }
    }
  }
}
