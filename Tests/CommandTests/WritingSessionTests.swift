import Generation
import Kernels
import ModelFiles
import Patterns
import TestSupport
import Testing
import Tokenization
import charlm

@Suite struct WritingSessionTests {
  private let model: TextModel

  init() throws {
    model = try SampleModel(
      vocabularyOf: "It was the salt, größer und weiß.\n", tokenizer: TokenizerConfiguration()
    ) { parameters in
      // The next character must depend more on the text before it than on the biases.
      let layout = parameters.layout
      for (tensor, scale): (_, Float) in [(layout.embedding, 20), (layout.outputWeight, 3)] {
        for index in tensor.range { parameters.start[index] *= scale }
      }
    }.text
  }

  private func session(
    length: Int = 30, _ settings: SamplerSettings = SamplerSettings(), seed: UInt64 = 5
  ) -> WritingSession {
    WritingSession(
      generator: TextGenerator(model, processor: Processor(threadCount: 1)),
      tokenizer: model.tokenizer, criteria: StoppingCriteria(length: length), settings: settings,
      seed: seed)
  }

  @Test func undoingRestoresEveryBit() throws {
    var session = session()
    let first = try session.write("It was").answer
    let (state, text) = (session.state, session.text)
    #expect(text == "It was" + first && first.unicodeScalars.count == 30)
    let second = try session.write(" the salt").answer
    #expect(session.text == text + " the salt" + second)
    #expect(try session.undo() == " the salt")
    #expect(session.state == state && session.text == text)
    session.seed = 6
    #expect(try session.write(" the salt").answer == second)
    try session.undo()
    try session.undo()
    #expect(session.text.isEmpty)
    session.seed = 5
    #expect(try session.write("It was").answer == first)
    try session.undo()
    #expect(throws: InteractiveError.nothingToUndo) { try session.undo() }
  }

  /// Undone turns leave no trace.
  @Test func aTextWithDetoursIsTheTextWithout() throws {
    let settings = SamplerSettings(
      penalties: RepetitionPenalties(repetition: 1.3, frequency: 0.1), penaltyWindow: 30)
    var straight = session(settings)
    try straight.write("It")
    try straight.write("")
    var winding = session(settings)
    try winding.write("It")
    try winding.write("größer")
    try winding.write("weiß")
    try winding.undo()
    try winding.undo()
    winding.seed = 6
    try winding.write("")
    #expect(winding.text == straight.text && winding.state == straight.state)
  }

  @Test func eachAnswerMatchesThePattern() throws {
    var session = WritingSession(
      generator: TextGenerator(model, processor: Processor(threadCount: 1)),
      tokenizer: model.tokenizer,
      criteria: StoppingCriteria(length: 8, pattern: try Pattern("[a-z]{2,5},")),
      settings: SamplerSettings(), seed: 5)
    for line in ["It was", "", " the salt"] {
      let answer = try session.write(line).answer
      #expect(try Regex("[a-z]{2,5},").wholeMatch(in: answer) != nil)
    }
    #expect(throws: GenerationSettingsError.self) { try session.set(length: 2) }
    #expect(session.criteria.length == 8)
    let mayBegin = try session.nextCharacters().filter { $0.drawProbability > 0 }
    #expect(
      mayBegin.allSatisfy { "a"..."z" ~= model.tokenizer.vocabulary.spelling(of: $0.token) })
  }

  @Test func tryingAgainBringsAnotherText() throws {
    var session = session()
    let first = try session.write("It was").answer
    let line = try session.undo()
    #expect(try session.write(line).answer != first)
    #expect(session.seed == 7)
  }

  @Test func aTurnGoesOnAsOneTextWould() throws {
    var turns = session(length: 20, SamplerSettings(temperature: 0))
    let first = try turns.write("It was").answer
    let second = try turns.write("").answer
    var whole = session(length: 40, SamplerSettings(temperature: 0))
    #expect(try whole.write("It was").answer == first + second)
    #expect(turns.state == whole.state)
  }

  @Test func theTemperatureHolds() throws {
    var session = session()
    try session.set(temperature: 0)
    let likeliest = try session.write("It").answer
    try session.undo()
    session.seed = 99
    #expect(try session.write("It").answer == likeliest)
    try session.undo()
    #expect(
      throws: GenerationSettingsError.outOfRange(
        .temperature, value: "-1", range: "0 (always the most likely character) or more")
    ) {
      try session.set(temperature: -1)
    }
    #expect(session.settings.temperature == 0)
    try session.set(temperature: 3)
    #expect(try session.write("It").answer != likeliest)
    try session.set(length: 7)
    #expect(try session.write("").answer.unicodeScalars.count == 7)
    #expect(
      throws: GenerationSettingsError.outOfRange(
        .length, value: "-1", range: "a number of characters, 0 or more")
    ) { try session.set(length: -1) }
    #expect(session.criteria.length == 7)
  }

  /// The models have read exactly the text that was shown.
  @Test func aTurnThatIsStoppedEndsWhereItWas() throws {
    var session = session()
    var shown = ""
    let answer = try session.write(
      "It was",
      emit: {
        if shown.unicodeScalars.count >= 10 { throw WritingSession.Stop() }
        shown += $0
      }
    ).answer
    #expect(answer == shown && session.text == "It was" + shown)
    var other = self.session(length: 0)
    try other.write("It was" + shown)
    #expect(session.state == other.state)
    try session.undo()
    #expect(session.text.isEmpty)
  }

  @Test(arguments: [DocumentSeparator.blankLines, .lines], UInt64(1)...6)
  func aStoppedTurnMayHoldSeveralDocuments(documents: DocumentSeparator, seed: UInt64) throws {
    let model = try SampleModel(
      vocabularyOf: "It was.\n", tokenizer: TokenizerConfiguration(documents: documents)
    ) { parameters in
      // Line ends, and ends of documents.
      for token in 1...2 { parameters.values(of: parameters.layout.outputBias)[token] = 3 }
    }.text
    func session(length: Int) -> WritingSession {
      WritingSession(
        generator: TextGenerator(model, processor: Processor(threadCount: 1)),
        tokenizer: model.tokenizer, criteria: StoppingCriteria(length: length),
        settings: SamplerSettings(), seed: seed)
    }
    var stopped = session(length: 30)
    var shown = ""
    try stopped.write(
      "It was\n",
      emit: {
        if shown.unicodeScalars.count >= 10 { throw WritingSession.Stop() }
        shown += $0
      })
    var other = session(length: 0)
    try other.write("It was\n" + shown)
    #expect(stopped.text == other.text)
    #expect(stopped.state == other.state)
    // A prompt begins a document, too, and may be given before the first turn.
    var begun = session(length: 0)
    try begun.begin(Prompt("It was\n" + shown, tokenizer: model.tokenizer))
    #expect(begun.state == other.state)
  }

  @Test func whatFailsAddsNothing() throws {
    struct Failure: Error {}
    var session = session()
    try session.write("It")
    let (state, text) = (session.state, session.text)
    #expect(throws: Failure.self) { try session.write("was", emit: { _ in throw Failure() }) }
    #expect(throws: Failure.self) {
      try session.write("was", begin: { _ in throw Failure() })
    }
    #expect(session.state == state && session.text == text)
    try session.undo()
    #expect(session.text.isEmpty)
  }

  @Test func theBeginningCannotBeUndone() throws {
    var session = session()
    try session.begin(Prompt("It", tokenizer: model.tokenizer))
    #expect(throws: InteractiveError.nothingToUndo) { try session.undo() }
    let answer = try session.write(" was").answer
    var whole = self.session()
    #expect(try whole.write("It was").answer == answer)
  }

  // MARK: Next characters

  @Test func theLikeliestCharactersComeFirst() throws {
    var session = session()
    try session.write("It was")
    let state = session.state
    let characters = try session.nextCharacters()
    #expect(session.state == state)
    #expect(characters.count == model.tokenizer.vocabularySize)
    #expect(abs(characters.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
    #expect(abs(characters.reduce(0) { $0 + $1.drawProbability } - 1) < 1e-9)
    #expect(zip(characters, characters.dropFirst()).allSatisfy { $0.probability >= $1.probability })
    let never = characters.filter { [Vocabulary.unknown, Vocabulary.endOfText].contains($0.token) }
    #expect(never.count == 2 && never.allSatisfy { $0.drawProbability == 0 && $0.probability > 0 })

    try session.set(temperature: 0)
    let drawn = try session.nextCharacters()
    #expect(drawn.map(\.probability) == characters.map(\.probability))
    try session.set(length: 1)
    let next = try session.write("").answer
    let certain = try #require(drawn.first { $0.drawProbability == 1 })
    #expect(model.tokenizer.vocabulary.spelling(of: certain.token) == next)
  }

  @Test func theChartStaysInItsColumns() throws {
    var session = session()
    try session.write("It was")
    let characters = try session.nextCharacters()
    for width in [20, 33, 80, 200] {
      let chart = NextCharacterChart(
        characters, vocabulary: model.tokenizer.vocabulary, width: width)
      #expect(chart.lines.count == 12)
      let widths = chart.lines.map { DisplayWidth.columns(of: $0) }
      #expect(width < 33 || widths.allSatisfy { $0 < width }, "\(widths)")
      #expect(chart.lines[1].contains("%"))
    }
    let wide = NextCharacterChart(characters, vocabulary: model.tokenizer.vocabulary, width: 80)
    #expect(wide.lines[1].contains("██████"))
    #expect(wide.lines.last!.hasPrefix("other"))
  }
}
