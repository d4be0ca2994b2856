import Generation
import Kernels
import TestSupport
import Testing
import Tokenization

@Suite struct StoppingTests {
  static let text = "the quick brown fox jumps over the lazy dog, é.\n"
  let model: SampleModel
  /// What the model writes without being stopped.
  let whole: String

  init() throws {
    // The end of a text is as likely as a character.
    model = try SampleModel(vocabularyOf: Self.text) { parameters in
      parameters.values(of: parameters.layout.outputBias)[Int(Vocabulary.endOfText)] = 1
    }
    whole = try model.generate(length: 300).text
  }

  private func generate(
    _ criteria: StoppingCriteria, _ settings: SamplerSettings = SamplerSettings(),
    seed: UInt64 = 1, emit: (String) -> Void = { _ in }
  ) throws -> GenerationResult {
    var generator = TextGenerator(model.text, processor: Processor(threadCount: 1))
    return try generator.generate(
      after: Prompt("", tokenizer: model.text.tokenizer), count: 1, until: criteria,
      settings: settings, seed: seed
    ) { _, text in emit(text) }[0]
  }

  @Test func textEndsBeforeTheFirstStop() throws {
    let scalars = Array(whole.unicodeScalars)
    for start in [0, 1, 57, 290] {
      for length in [1, 3, 9] {
        let stop = String(String.UnicodeScalarView(scalars[start..<start + length]))
        let first = (0...start).first { scalars[$0...].starts(with: stop.unicodeScalars) }!
        var pieces = ""
        let result = try generate(
          StoppingCriteria(length: 300, stops: ["no such text", stop])
        ) { pieces += $0 }
        #expect(result.text.unicodeScalars.elementsEqual(scalars[..<first]))
        #expect(pieces == result.text)
        #expect(result.finishReason == .stop)
        #expect(result.tokens == first + length)
      }
    }
  }

  @Test func aStopThatIsNotThereChangesNothing() throws {
    // Its beginning stands at the end.
    let stop = String(whole.unicodeScalars.suffix(2)) + "!"
    let result = try generate(StoppingCriteria(length: 300, stops: [stop]))
    #expect(result.text == whole && result.finishReason == .length)
  }

  @Test func stopsBeforeTheMinimumLengthArePassedOver() throws {
    let scalars = Array(whole.unicodeScalars)
    let stop = scalars[0]
    for minimumLength in [0, 1, 20, 100, 300] {
      let end = scalars.indices.first { $0 >= minimumLength && scalars[$0] == stop } ?? 300
      let result = try generate(
        StoppingCriteria(length: 300, minimumLength: minimumLength, stops: [String(stop)]))
      #expect(result.text.unicodeScalars.elementsEqual(scalars[..<end]))
      #expect(result.finishReason == (end < 300 ? .stop : .length))
    }
  }

  @Test func theEndOfTheTextEndsItOnlyWhereItMay() throws {
    var lengths: Set<Int> = []
    for seed in UInt64(0)..<30 {
      for minimumLength in [0, 25] {
        let criteria = StoppingCriteria(
          length: 200, minimumLength: minimumLength, stopsAtEndOfText: true)
        let result = try generate(criteria, seed: seed)
        #expect(minimumLength...200 ~= result.characters)
        #expect(!result.text.unicodeScalars.contains("\u{FFFD}"))
        if result.finishReason == .stop {
          #expect(result.tokens == result.characters + 1)
          lengths.insert(result.characters)
        } else {
          #expect(result.characters == 200)
        }
      }
    }
    #expect(lengths.count > 5)
  }

  @Test func bannedCharactersNeverComeAndBiasedOnesDo() throws {
    let tokenizer = model.text.tokenizer
    let banned = try tokenizer.tokens(ofCharacters: "eo \u{65}\u{301}x☃")
    #expect(banned.count == 6 && banned.last! == nil)
    let settings = SamplerSettings(
      logitBias: [tokenizer.vocabulary.id(of: "z"): 1.5], banned: Set(banned.compactMap(\.self)))
    let result = try generate(StoppingCriteria(length: 400), settings)
    #expect(!result.text.unicodeScalars.contains { "eo \u{E9}x".unicodeScalars.contains($0) })
    func count(_ text: String) -> Int { text.unicodeScalars.count { $0 == "z" } }
    let plain = try generate(StoppingCriteria(length: 400))
    #expect(count(result.text) > 2 * count(plain.text))
    let all = Set((2..<tokenizer.vocabularySize).map { TokenID($0) })
    #expect(throws: GenerationSettingsError.everythingBanned) {
      try generate(
        StoppingCriteria(length: 10, stopsAtEndOfText: true), SamplerSettings(banned: all))
    }
  }

  @Test func charactersOfSeveralTokensCannotBeBanned() throws {
    let bytes = try Tokenizer.fit(
      [.text("", name: "bytes")], configuration: TokenizerConfiguration(unit: .byte))
    #expect(throws: GenerationSettingsError.severalTokens(character: "é", count: 2)) {
      try bytes.tokens(ofCharacters: "aé")
    }
    #expect(try bytes.tokens(ofCharacters: "ab") == [99, 100])
  }

  @Test func everySettingGivesEachOfManyTextsWhatItWouldGetAlone() throws {
    let criteria = StoppingCriteria(
      length: 60, minimumLength: 10, stops: ["e", "ox"], stopsAtEndOfText: true)
    for settings in [
      SamplerSettings(temperature: 1.2, topP: 0.9, minP: 0.01),
      SamplerSettings(mirostat: Mirostat(target: 2)),
      SamplerSettings(
        typicalP: 0.9, penalties: RepetitionPenalties(repetition: 1.3, frequency: 0.2),
        penaltyWindow: 7, logitBias: [4: 1], banned: [5]),
    ] {
      var generator = TextGenerator(model.text, processor: Processor(threadCount: 3))
      let prompt = try Prompt("", tokenizer: model.text.tokenizer)
      let results = try generator.generate(
        after: prompt, count: 7, until: criteria, settings: settings, seed: 50)
      for (index, result) in results.enumerated() {
        #expect(try generate(criteria, settings, seed: 50 + UInt64(index)) == result)
      }
      #expect(Set(results.map(\.text)).count > 4)
    }
  }

  @Test func criteriaThatMeanNothingAreRefused() throws {
    #expect(
      throws: GenerationSettingsError.outOfRange(
        .minimumLength, value: "5", range: "a number of characters from 0 to 4, the length")
    ) {
      try generate(StoppingCriteria(length: 4, minimumLength: 5))
    }
    #expect(
      throws: GenerationSettingsError.outOfRange(
        .minimumLength, value: "-1", range: "a number of characters from 0 to 4, the length")
    ) {
      try generate(StoppingCriteria(length: 4, minimumLength: -1))
    }
    #expect(throws: GenerationSettingsError.emptyStop) {
      try generate(StoppingCriteria(length: 4, stops: ["a", ""]))
    }
  }
}
