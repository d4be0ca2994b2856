import Evaluation
import Foundation
import Kernels
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization

@Suite struct EvaluatorTests {
  /// Of texts of less than a hundred tokens: the kernels add exponentials in Float.
  static let relativeTolerance = 1e-6
  /// The fast network against its twin in Double, as in the tests of RecurrentNetwork.
  static let twinTolerance = 1e-4

  static let known = "The quick brown fox — größer,\r\nschneller — e\u{301}t une grille.\n"
  /// Line ends, a decomposed letter, unknown characters at begin and end, white space of all kinds.
  static let text = "Ω" + known + "\u{3000}fox\u{A0}fox\r\nquick \u{301}\u{316} 🙂 brown Z\r"

  @Test(arguments: InstructionSet.available)
  func evaluateEqualsTheSumOfTheLogProbabilitiesThatAdvanceGives(
    instructionSet: InstructionSet
  ) throws {
    let model = try SampleModel(vocabularyOf: Self.known, instructionSet: instructionSet)
    let result = try model.evaluate(Array(Self.text.utf8), instructionSet: instructionSet)

    let tokenized = model.text.tokenizer.encode(Self.text)
    #expect(tokenized.unknowns.count == 7)
    var predictor = Predictor(
      weights: model.text.weights,
      processor: Processor(instructionSet: instructionSet, threadCount: 1))
    var state = RecurrentState(model.text.weights.configuration)
    var logits: [Float] = []
    var previous = Vocabulary.endOfText
    var nats = 0.0
    for token in tokenized.ids {
      predictor.advance([previous], state: &state, logits: &logits)
      nats -= logProbability(of: token, logits)
      if token == Vocabulary.unknown { nats += model.text.tokenizer.unknownNats() }
      previous = token
    }
    #expect(relativeError([result.nats], [nats]) < Self.relativeTolerance)
    #expect(result.tokens == tokenized.ids.count)
    #expect(result.unknownCharacters == 7)
  }

  @Test func evaluateEqualsTheTwin() throws {
    let model = try SampleModel(vocabularyOf: Self.known)
    let ids = model.text.tokenizer.encode(Self.known).ids.map { [Int($0)] }
    var state = model.twin.zeroState(batchSize: 1)
    let inputs = [[Int(Vocabulary.endOfText)]] + ids.dropLast()
    let nats = model.twin.nats(inputs: inputs, targets: ids, state: &state)
    let result = try model.evaluate(Self.known)
    #expect(relativeError([result.nats], [nats.joined().reduce(0, +)]) < Self.twinTolerance)
  }

  @Test(arguments: [TokenUnit.scalar, .grapheme, .byte])
  func resultsDoNotDependOnChunksOrThreads(unit: TokenUnit) throws {
    let model = try SampleModel(
      vocabularyOf: Self.known, TokenizerConfiguration(unit: unit))
    let text = Array(String(repeating: Self.text, count: 5).utf8)
    let whole = try model.evaluate(text)
    for chunkByteCount in [1, 2, 3, 5, 64, 300] {
      #expect(try model.evaluate(text, chunkByteCount: chunkByteCount) == whole)
    }
    #expect(try model.evaluate(text, threadCount: 3) == whole)
  }

  @Test func everyTextIsScoredFromItsBeginning() throws {
    let model = try SampleModel(vocabularyOf: Self.known)
    let alone = try model.evaluate("grille")
    var evaluator = Evaluator(model.text, processor: Processor(threadCount: 1))
    _ = try evaluator.evaluate(.text(Self.text, name: "one"))
    #expect(try evaluator.evaluate(.text("grille", name: "two")) == alone)
    // Nor does an evaluation that failed leave anything behind.
    #expect(throws: (any Error).self) {
      try evaluator.evaluate(.bytes([0x66, 0xFF], name: "broken"))
    }
    #expect(try evaluator.evaluate(.text("grille", name: "two")) == alone)
  }

  @Test func resultsAddUp() throws {
    let model = try SampleModel(vocabularyOf: Self.known)
    let one = try model.evaluate("The fox")
    let two = try model.evaluate("größer ? ")
    var total = EvaluationResult()
    total += one
    total += two
    #expect(total.characters == 7 + 9)
    #expect(total.bytes == 7 + 11)
    #expect(total.words == 2 + 2)
    #expect(total.tokens == 7 + 9)
    #expect(total.unknownCharacters == 1)
    #expect(total.nats == one.nats + two.nats)
  }

  @Test func progressTellsWhatWasScoredSoFarAndCanEndIt() throws {
    struct Enough: Error {}
    let model = try SampleModel(vocabularyOf: Self.known)
    let source = TextSource.text(String(repeating: "fox ", count: 10_000), name: "foxes")
    var evaluator = Evaluator(model.text, processor: Processor(threadCount: 1))
    var tokens: [Int] = []
    let result = try evaluator.evaluate(source) { tokens.append($0.tokens) }
    #expect(tokens.count == 3)
    #expect(tokens == tokens.sorted() && tokens.last! <= result.tokens && tokens[0] > 16_000)
    #expect(throws: Enough.self) { try evaluator.evaluate(source) { _ in throw Enough() } }
  }

  @Test func theFiguresAreWhatTheirNamesSay() {
    let result = EvaluationResult(
      characters: 4, bytes: 8, words: 2, tokens: 4, unknownCharacters: 0, nats: 16 * log(2))
    #expect(result.natsPerCharacter == 4 * log(2))
    #expect(result.bitsPerCharacter == 4)
    #expect(result.bitsPerByte == 2)
    #expect(relativeError([result.perplexityPerCharacter], [16]) < 1e-15)
    #expect(relativeError([result.perplexityPerByte], [4]) < 1e-15)
    #expect(relativeError([result.perplexityPerWord!], [256]) < 1e-15)
    #expect(EvaluationResult(characters: 1, bytes: 1, nats: 1).perplexityPerWord == nil)
  }
}

/// log softmax in double precision.
func logProbability(of token: TokenID, _ logits: [Float]) -> Double {
  let logits = logits.map(Double.init)
  let top = logits.max()!
  return logits[Int(token)] - top - log(logits.reduce(0) { $0 + exp($1 - top) })
}
