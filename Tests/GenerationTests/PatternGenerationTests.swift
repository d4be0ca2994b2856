import Generation
import Kernels
import Patterns
import TestSupport
import Testing
import Tokenization

@Suite struct PatternGenerationTests {
  /// A model in which the end of a text is as likely as a character.
  private func model(_ unit: TokenUnit = .scalar) throws -> SampleModel {
    try SampleModel(vocabularyOf: RandomPattern.text, TokenizerConfiguration(unit: unit)) {
      $0.values(of: $0.layout.outputBias)[Int(Vocabulary.endOfText)] = 1
    }
  }

  private func generate(
    _ model: SampleModel, _ criteria: StoppingCriteria,
    _ settings: SamplerSettings = SamplerSettings(), seed: UInt64 = 1
  ) throws -> GenerationResult {
    var generator = TextGenerator(model.text, processor: Processor(threadCount: 1))
    return try generator.generate(
      after: Prompt("ab", tokenizer: model.text.tokenizer), count: 1, until: criteria,
      settings: settings, seed: seed)[0]
  }

  private static func settings(banning banned: Set<TokenID>) -> [SamplerSettings] {
    [
      SamplerSettings(banned: banned), SamplerSettings(temperature: 0, banned: banned),
      SamplerSettings(temperature: 1.5, topK: 2, banned: banned),
      SamplerSettings(topP: 0.4, minP: 0.1, typicalP: 0.9, banned: banned),
      SamplerSettings(mirostat: Mirostat(target: 1), banned: banned),
      SamplerSettings(
        penalties: RepetitionPenalties(repetition: 1.5, frequency: 0.5), logitBias: [3: 2],
        banned: banned),
    ]
  }

  @Test(arguments: TokenUnit.allCases)
  func everyTextMatchesAndHasItsLength(unit: TokenUnit) throws {
    let model = try model(unit)
    let others = RandomPattern.otherTokens(of: model.text.tokenizer)
    var generator = try TextGenerator(
      [model.text, model.text], processor: Processor(threadCount: 2))
    let prompt = try Prompt("a1", tokenizer: model.text.tokenizer)
    var random = RandomStream(seed: 50)
    var lengths: Set<Int> = []
    // Automata of bytes take longer to build.
    for round in 0..<(unit == .byte ? 40 : 150) {
      let pattern = RandomPattern(depth: Int.random(in: 1...4, using: &random), using: &random)
      let length = Int.random(in: 0...12, using: &random)
      let least = round % 2 == 0 ? 0 : Int.random(in: 0...length, using: &random)
      let criteria = StoppingCriteria(
        length: length, minimumLength: least, stops: round % 3 == 0 ? ["1a", "é"] : [],
        stopsAtEndOfText: round % 5 == 0, pattern: try Pattern(pattern.expression))
      let settings = Self.settings(banning: others)[round % 6]
      let isPossible = pattern.naive.lengths(upTo: length, alphabet: RandomPattern.alphabet)
        .contains { $0 >= least }
      guard isPossible else {
        #expect(throws: GenerationSettingsError.self) {
          try generator.generate(
            after: prompt, count: 1, until: criteria, settings: settings, seed: 1)
        }
        continue
      }
      var pieces = Array(repeating: "", count: 3)
      let results = try generator.generate(
        after: prompt, count: 3, until: criteria, settings: settings, seed: UInt64(round)
      ) { pieces[$0] += $1 }
      #expect(pieces == results.map(\.text))
      let found = try generator.search(
        after: prompt, beamCount: 3, until: criteria, banned: others)
      for text in (results + [found]).map(\.text) {
        #expect(pattern.naive.matches(text), "\(pattern.expression): \(text)")
        #expect(least...length ~= text.unicodeScalars.count, "\(pattern.expression): \(text)")
        lengths.insert(text.unicodeScalars.count)
      }
    }
    #expect(lengths.count > 6)
  }

  /// Where the text may end it is what the model writes without a pattern, up to what the pattern does not allow.
  @Test func aTextEndsWhereTheModelLeavesThePattern() throws {
    let model = try model()
    for settings in [
      SamplerSettings(logitBias: [Vocabulary.endOfText: -100]),
      SamplerSettings(temperature: 1.3, topK: 4, logitBias: [Vocabulary.endOfText: -100]),
    ] {
      var reasons: Set<GenerationResult.FinishReason> = []
      for seed in UInt64(0)..<60 {
        let free = try generate(model, StoppingCriteria(length: 8), settings, seed: seed)
        let held = try generate(
          model, StoppingCriteria(length: 8, pattern: Pattern(".*")), settings, seed: seed)
        let kept = free.text.unicodeScalars.prefix { $0 != "\n" }
        #expect(held.text.unicodeScalars.elementsEqual(kept))
        #expect(held.finishReason == (kept.count < 8 ? .stop : .length))
        #expect(held.tokens == min(8, kept.count + 1))
        reasons.insert(held.finishReason)
      }
      #expect(reasons == [.stop, .length])
    }
  }

  @Test func theEndOfTheTextEndsItOnlyWhereItIsAMatch() throws {
    let model = try model()
    var endedCount = 0
    for seed in UInt64(0)..<60 {
      let criteria = StoppingCriteria(length: 30, pattern: try Pattern(#"\w{3}[\s\S]*"#))
      let result = try generate(model, criteria, seed: seed)
      #expect(3...30 ~= result.characters)
      // Nothing but the end leaves this pattern.
      if result.finishReason == .stop {
        #expect(result.tokens == result.characters + 1)
        endedCount += 1
      }
    }
    #expect(endedCount > 30)
  }

  @Test func aStopEndsTheTextOnlyBehindAMatch() throws {
    let model = try model()
    let stops = ["1a", "b", "-", "éé"]
    var (stoppedCount, passedCount) = (0, 0)
    for seed in UInt64(0)..<60 {
      var criteria = StoppingCriteria(length: 16, pattern: try Pattern("([ab1é-]{2})+"))
      let whole = Array(try generate(model, criteria, seed: seed).text.unicodeScalars)
      var expected = whole
      search: for end in 1...whole.count {
        for stop in stops where whole[..<end].ends(with: stop) {
          let place = end - stop.unicodeScalars.count
          if place > 0, place % 2 == 0 {
            expected = Array(whole[..<place])
            break search
          }
          passedCount += 1
        }
      }
      criteria.stops = stops
      let result = try generate(model, criteria, seed: seed)
      #expect(result.text.unicodeScalars.elementsEqual(expected))
      stoppedCount += expected.count < whole.count ? 1 : 0
    }
    #expect(stoppedCount > 5 && passedCount > 5)
  }

  @Test func eachOfManyTextsIsWhatItWouldBeAlone() throws {
    let model = try model()
    var generator = TextGenerator(model.text, processor: Processor(threadCount: 3))
    let criteria = StoppingCriteria(
      length: 20, minimumLength: 2, stops: ["11"], pattern: try Pattern(#"(\w+-)+\n?"#))
    for settings in Self.settings(banning: []) where settings.temperature > 0 {
      let results = try generator.generate(
        after: Prompt("ab", tokenizer: model.text.tokenizer), count: 7, until: criteria,
        settings: settings, seed: 20)
      for (index, result) in results.enumerated() {
        #expect(try generate(model, criteria, settings, seed: 20 + UInt64(index)) == result)
      }
      #expect(Set(results.map(\.text)).count > 1)
    }
  }

  /// The token that left the pattern is as if it had not been drawn.
  @Test(arguments: ["[ab1]*", "-*", "[ab]{2}", "(a|[^a]{3})é?"])
  func whatFollowsGoesOnBehindTheText(expression: String) throws {
    let model = try model()
    var generator = TextGenerator(model.text, processor: Processor(threadCount: 1))
    let tokenizer = model.text.tokenizer
    for seed in UInt64(0)..<20 {
      var state = generator.initialState
      let result = try generator.generate(
        after: Prompt("é1", tokenizer: tokenizer), from: &state,
        until: StoppingCriteria(length: 9, pattern: Pattern(expression)), seed: seed)
      var expected = generator.initialState
      _ = try generator.generate(
        after: Prompt("é1" + result.text, tokenizer: tokenizer), from: &expected,
        until: StoppingCriteria(length: 0), seed: 0)
      #expect(state == expected, "\(expression): \(result.text)")
    }
  }

  @Test func beamsFindTheMostLikelyMatch() throws {
    let model = try SampleModel(vocabularyOf: "abc")
    let texts = ["abac", "abbc", "baac", "babc", "cac", "cbc"]
    let tokenizer = model.text.tokenizer
    let nats = texts.map { model.natsPerToken(tokenizer.encode($0).ids) }
    var generator = TextGenerator(model.text, processor: Processor(threadCount: 2))
    let result = try generator.search(
      after: Prompt("", tokenizer: tokenizer), beamCount: 9,
      until: StoppingCriteria(length: 9, pattern: Pattern("(ab|ba|c)[ab]c")))
    #expect(result.text == texts[nats.indices.min { nats[$0] < nats[$1] }!])
    #expect(abs(result.natsPerToken! - nats.min()!) < 1e-5 && result.finishReason == .stop)
  }

  @Test(arguments: ["[ab1]*", #"\w+-\n"#, "(é|1|a)?b*", #"[\s\S]{0,9}"#])
  func oneBeamChoosesAsTemperatureZero(expression: String) throws {
    let model = try model()
    let criteria = StoppingCriteria(length: 12, pattern: try Pattern(expression))
    var generator = TextGenerator(model.text, processor: Processor(threadCount: 1))
    for prompt in ["", "ab", "1é-", "\n"] {
      let prompt = try Prompt(prompt, tokenizer: model.text.tokenizer)
      let found = try generator.search(after: prompt, beamCount: 1, until: criteria)
      let greedy = try generator.generate(
        after: prompt, count: 1, until: criteria, settings: SamplerSettings(temperature: 0),
        seed: 1)[0]
      #expect(found.text == greedy.text && found.tokens == greedy.tokens)
      #expect(found.finishReason == greedy.finishReason)
    }
  }

  @Test func aPatternOfNothingGivesNothing() throws {
    let model = try model()
    for seed in UInt64(0)..<3 {
      let result = try generate(
        model, StoppingCriteria(length: 9, pattern: Pattern("")), seed: seed)
      #expect(result.text.isEmpty && result.tokens == 0 && result.finishReason == .stop)
    }
  }

  @Test func aModelWhoseNumbersOverflowStillGivesMatches() throws {
    let model = try SampleModel(vocabularyOf: "abc") { parameters in
      for index in 0..<parameters.count { parameters.start[index] = 3e38 }
    }
    let criteria = StoppingCriteria(length: 9, pattern: try Pattern("[ab]{3,5}c"))
    for settings in Self.settings(banning: []) {
      let text = try generate(model, criteria, settings).text
      #expect(text.utf8.last == UInt8(ascii: "c") && 4...6 ~= text.utf8.count)
    }
    var generator = TextGenerator(model.text, processor: Processor(threadCount: 1))
    let found = try generator.search(
      after: Prompt("", tokenizer: model.text.tokenizer), beamCount: 3, until: criteria)
    #expect(found.text.utf8.last == UInt8(ascii: "c"))
  }

  @Test func whatNoTextMatchesIsRefused() throws {
    let model = try model()
    #expect(throws: GenerationSettingsError.pattern(.unknownCharacter("z", position: 2))) {
      try generate(model, StoppingCriteria(length: 9, pattern: Pattern("az")))
    }
    let a = model.text.tokenizer.vocabulary.id(of: "a")
    #expect(throws: GenerationSettingsError.pattern(.bannedCharacter("a", position: 1))) {
      try generate(
        model, StoppingCriteria(length: 9, pattern: Pattern("a")), SamplerSettings(banned: [a]))
    }
  }

  @Test func nextCharactersAreThoseThatMayBegin() throws {
    let model = try model()
    var generator = TextGenerator(model.text, processor: Processor(threadCount: 1))
    let characters = try generator.nextCharacters(
      after: generator.initialState,
      until: StoppingCriteria(length: 5, pattern: Pattern("[ab]-|1{6}")),
      settings: SamplerSettings())
    let drawn = characters.filter { $0.drawProbability > 0 }.map(\.token)
    #expect(Set(drawn) == Set(model.text.tokenizer.encode("ab").ids))
    #expect(characters.allSatisfy { $0.probability > 0 })
  }
}

extension ArraySlice<Unicode.Scalar> {
  fileprivate func ends(with text: String) -> Bool {
    suffix(text.unicodeScalars.count).elementsEqual(text.unicodeScalars)
  }
}
