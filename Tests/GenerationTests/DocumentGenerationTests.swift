import Generation
import Kernels
import TestSupport
import Testing
import Tokenization

/// Texts by models whose texts hold several documents.
@Suite struct DocumentGenerationTests {
  static let text = "the quick brown fox\njumps.\n\nover the lazy dog, é.\n"

  private func model(_ documents: DocumentSeparator) throws -> SampleModel {
    // The end of a document is likelier than a character.
    try SampleModel(
      vocabularyOf: Self.text, TokenizerConfiguration(documents: documents)
    ) { parameters in
      parameters.values(of: parameters.layout.outputBias)[Int(Vocabulary.endOfText)] = 2
    }
  }

  private func generate(
    _ model: SampleModel, _ criteria: StoppingCriteria, seed: UInt64
  ) throws -> GenerationResult {
    var generator = TextGenerator(model.text, processor: Processor(threadCount: 1))
    return try generator.generate(
      after: Prompt("", tokenizer: model.text.tokenizer), count: 1, until: criteria, seed: seed)[0]
  }

  /// The same tokens: one text stops where the other one has the line feed between documents.
  @Test(arguments: [DocumentSeparator.blankLines, .lines])
  func aTextEndsWithItsDocumentOrTheNextOneFollows(documents: DocumentSeparator) throws {
    let model = try model(documents)
    var endCount = 0
    for seed in UInt64(0)..<20 {
      let one = try generate(
        model, StoppingCriteria(length: 40, stopsAtEndOfText: true), seed: seed)
      let whole = try generate(model, StoppingCriteria(length: 40), seed: seed)
      #expect(whole.finishReason == .length)
      try #require(whole.characters == 40 && whole.tokens == 40)
      let scalars = Array(whole.text.unicodeScalars)
      #expect(one.text.unicodeScalars.elementsEqual(scalars[..<one.characters]))
      guard one.finishReason == .stop else { continue }
      #expect(one.tokens == one.characters + 1)
      #expect(scalars[one.characters] == "\n")
      endCount += 1
    }
    #expect(endCount > 10)
  }

  @Test func withoutSeveralDocumentsATextHasNoEndWithin() throws {
    let model = try model(.files)
    let result = try generate(model, StoppingCriteria(length: 200), seed: 1)
    #expect(result.tokens == 200)
    #expect(result.characters == 200)
  }

  @Test func beamsAndChartsAllowTheEndOfADocument() throws {
    for documents in DocumentSeparator.allCases {
      let model = try model(documents).text
      var generator = TextGenerator(model, processor: Processor(threadCount: 1))
      let next = try generator.nextCharacters(
        after: generator.initialState, until: StoppingCriteria(length: 5),
        settings: SamplerSettings())
      let end = try #require(next.first { $0.token == Vocabulary.endOfText })
      #expect((end.drawProbability > 0) == (documents != .files))
      let found = try generator.search(
        after: Prompt("", tokenizer: model.tokenizer), beamCount: 2,
        until: StoppingCriteria(length: 12))
      #expect(found.characters == 12 && found.tokens == 12)
    }
  }

  /// After documents that nobody sees: a model has seen few beginnings with a zero state.
  @Test(arguments: [DocumentSeparator.blankLines, .lines], [true, false])
  func aTextWithoutAPromptBeginsADocument(documents: DocumentSeparator, ends: Bool) throws {
    let model = try SampleModel(
      vocabularyOf: Self.text, TokenizerConfiguration(documents: documents)
    ) { parameters in
      parameters.values(of: parameters.layout.outputBias)[Int(Vocabulary.endOfText)] =
        ends ? 2 : -90
    }.text
    var generator = TextGenerator(model, processor: Processor(threadCount: 1))
    let state = try generator.paragraphState()
    #expect(state.pendingToken == Vocabulary.endOfText)
    #expect(state.recent.tokens.isEmpty)
    #expect(state != generator.initialState)
    // The state is that after the documents as a text.
    var criteria = StoppingCriteria(length: 500, stopsAtEndOfText: true)
    var expected = generator.initialState
    var (length, seed) = (0, UInt64(0))
    while length < 100 {
      let document = try generator.generate(
        after: Prompt("", tokenizer: model.tokenizer), from: &expected, until: criteria,
        settings: SamplerSettings(temperature: 0.8), seed: seed)
      #expect((document.finishReason == .stop) == ends)
      length += document.characters + 1
      seed += 1
    }
    if !ends {
      // The end of a document that the model did not end.
      criteria = StoppingCriteria(length: 0)
      var prompt = try Prompt(documents == .lines ? "\n" : "\n\n", tokenizer: model.tokenizer)
      if documents == .blankLines {
        prompt = try Prompt("\n", tokenizer: model.tokenizer, after: "\n")
      }
      _ = try generator.generate(after: prompt, from: &expected, until: criteria, seed: 0)
    }
    #expect(state.states == expected.states)
  }

  @Test func aPromptMayHoldSeveralDocuments() throws {
    let tokenizer = try model(.blankLines).text.tokenizer
    let prompt = try Prompt("the fox\n\ndog", tokenizer: tokenizer)
    #expect(prompt.text.unicodeScalars.elementsEqual("the fox\n\ndog".unicodeScalars))
    #expect(prompt.tokens.firstIndex(of: Vocabulary.endOfText) == 8)
    #expect(prompt.unknowns == nil)
    // What precedes a prompt in turns counts.
    #expect(
      try Prompt("\ndog", tokenizer: tokenizer, after: "\n").tokens[0] == Vocabulary.endOfText)
    #expect(
      try Prompt("\ndog", tokenizer: tokenizer, after: "x").tokens[0] != Vocabulary.endOfText)
  }
}
