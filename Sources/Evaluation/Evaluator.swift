import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// Measures how well a model predicts texts: the code length of each, in nats.
///
/// ```swift
/// let processor = Processor(threadCount: 1)
/// let model = try TextModel(path: "model.safetensors", processor: processor)
/// var evaluator = Evaluator(model, processor: processor)
/// var total = EvaluationResult()
/// for path in ["one.txt", "two.txt"] { total += try evaluator.evaluate(.file(path)) }
/// print(total.bitsPerCharacter, total.perplexityPerWord ?? .nan)
/// ```
///
/// Every token of a text is scored, in order, with all of the text before it:
///
/// ```
/// nats = sum over t of -log p(token_t | endOfText, token_0 ... token_{t-1})
///      + sum over the unknown units of Tokenizer.unknownNats: the choice among all that is unknown
/// ```
///
/// The first token is predicted from `Vocabulary.endOfText` in a zero state; nothing is scored
/// after the last one. The second sum makes the figure one at which the whole text could be written
/// down, so that characters the model never saw cost what they are worth. Texts are streamed:
/// memory does not depend on their size.
public struct Evaluator: ~Copyable {
  private let tokenizer: Tokenizer
  private var predictor: Predictor
  /// The tokens of one chunk, and their nats.
  private var tokens: [TokenID] = []
  private var nats: [Double] = []

  /// How much is read at a time, which is also how often progress is told.
  private static let chunkByteCount = 1 << 14

  /// An evaluator that computes on `processor`.
  /// - Precondition: the model was read or made for the same instruction set.
  public init(_ model: TextModel, processor: Processor) {
    tokenizer = model.tokenizer
    predictor = Predictor(weights: model.weights, processor: processor)
  }

  /// Scores one text from its beginning.
  /// - Parameters:
  ///   - source: The text.
  ///   - invalidUTF8: What to do with bytes that are not UTF-8.
  ///   - observers: Are told of every unit.
  ///   - progress: Is given the figures so far, every 16 KiB of text; what it throws ends the
  ///     evaluation.
  /// - Throws: `EvaluationError`, `TokenizationError.invalidUTF8`, `StorageError`, or what
  ///   `observers` and `progress` throw.
  public mutating func evaluate(
    _ source: TextSource, invalidUTF8: InvalidUTF8Policy = .error,
    observers: [any ScoreObserver] = [],
    progress: (EvaluationResult) throws -> Void = { _ in }
  ) throws -> EvaluationResult {
    try evaluate(
      source, invalidUTF8: invalidUTF8, chunkByteCount: Self.chunkByteCount, observers: observers,
      progress: progress)
  }

  package mutating func evaluate(
    _ source: TextSource, invalidUTF8: InvalidUTF8Policy, chunkByteCount: Int,
    observers: [any ScoreObserver] = [],
    progress: (EvaluationResult) throws -> Void = { _ in }
  ) throws -> EvaluationResult {
    var reader = try TextReader(source, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
    var encoder = TokenEncoder(tokenizer, recordsUnknowns: true)
    var words = WordCounter()
    var tally = CodeLengthTally(tokenizer)
    var telling = ScoreTelling(observers, tokenizer)
    var state = RecurrentState(predictor.weights.configuration)
    var previous = Vocabulary.endOfText
    tokens.removeAll(keepingCapacity: true)
    try telling.beginText(named: source.name)
    while try reader.next({ utf8 -> Void in
      words.append(utf8)
      encoder.append(utf8, to: &tokens)
    }) != nil {
      try score(
        after: &previous, state: &state, unknowns: encoder.takeUnknowns(), into: &tally, &telling)
      try progress(Self.result(reader, encoder, words, tally))
    }
    encoder.finish(to: &tokens)
    try score(
      after: &previous, state: &state, unknowns: encoder.takeUnknowns(), into: &tally, &telling)
    tally.endText()
    var result = Self.result(reader, encoder, words, tally)
    result.blocks = tally.blocks
    guard result.tokens > 0 else { throw EvaluationError.emptyText(name: source.name) }
    guard result.nats.isFinite else { throw EvaluationError.notFinite(name: source.name) }
    try telling.endText(result)
    return result
  }

  /// Scores `tokens`, tells of them and empties it.
  private mutating func score(
    after previous: inout TokenID, state: inout RecurrentState, unknowns: [UnknownUnit],
    into tally: inout CodeLengthTally, _ telling: inout ScoreTelling
  ) throws {
    nats.removeAll(keepingCapacity: true)
    tokens.withUnsafeBufferPointer {
      predictor.score($0, after: &previous, state: &state, nats: &nats) { logits in
        telling.rank(logits)
      }
    }
    tally.add(tokens, nats: &nats, unknowns: unknowns)
    try telling.append(tokens, nats: nats, unknowns: unknowns)
    tokens.removeAll(keepingCapacity: true)
  }

  private static func result(
    _ reader: borrowing TextReader, _ encoder: borrowing TokenEncoder, _ words: WordCounter,
    _ tally: CodeLengthTally
  ) -> EvaluationResult {
    EvaluationResult(
      characters: encoder.characterCount, bytes: reader.byteCount, words: words.count,
      tokens: encoder.tokenCount, unknownCharacters: encoder.unknownCount,
      nats: tally.tokenNats.value + encoder.unknownNats,
      unknownNats: tally.unknownTokenNats.value + encoder.unknownNats)
  }
}
