import Kernels
import RecurrentNetwork
import Tokenization

/// A model that scores the tokens of a text in order.
///
/// Its weights are static (`SequenceScorer`) or adapt to the text (`DynamicModel`), or it is an
/// ensemble of either (`ScorerEnsemble`).
protocol ScoringModel: ~Copyable {
  /// Begins a text.
  /// - Parameter visitsLogits: whether the logits will be visited.
  mutating func beginText(visitsLogits: Bool)

  /// Reads the next tokens and appends to `nats` -log p of the first tokens not scored yet: of all
  /// tokens read, or of fewer if the model must see more first.
  /// - Parameter visit: receives the logits by which successive tokens were scored, [rows x V],
  ///   valid during the call.
  mutating func append(
    _ tokens: UnsafeBufferPointer<TokenID>, nats: inout [Double],
    visitingLogits visit: (MatrixView) -> Void)

  /// Ends the text and appends the nats of the tokens that `append` left unscored.
  mutating func endText(nats: inout [Double], visitingLogits visit: (MatrixView) -> Void)

  /// The error for a text whose nats are infinite or NaN.
  static func notFinite(name: String) -> EvaluationError
}

extension ScoringModel where Self: ~Copyable {
  /// Scores one text from beginning to end.
  /// - Parameters:
  ///   - chunkByteCount: the bytes read at a time, which is also how often progress is reported.
  ///   - progress: receives the figures so far.
  /// - Throws: `EvaluationError`, `TokenizationError.invalidUTF8`, `StorageError`, or what
  ///   `observers` and `progress` throw.
  mutating func scoreText(
    _ source: TextSource, tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy,
    chunkByteCount: Int, observers: [any ScoreObserver],
    progress: (EvaluationResult) throws -> Void
  ) throws -> EvaluationResult {
    var reader = try TextReader(source, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
    var encoder = TokenEncoder(tokenizer, recordsUnknowns: true)
    var words = WordCounter()
    var accumulator = CodeLengthAccumulator(tokenizer, observers)
    var tokens: [TokenID] = []
    beginText(visitsLogits: accumulator.ranksCandidates)
    try accumulator.beginText(named: source.name)
    while try reader.next({ utf8 -> Void in
      words.append(utf8)
      encoder.append(utf8, to: &tokens)
    }) != nil {
      try scoreChunk(&tokens, unknowns: encoder.takeUnknowns(), isLast: false, into: &accumulator)
      try progress(accumulator.result(reader, encoder, words, isWhole: false))
    }
    encoder.finish(to: &tokens)
    try scoreChunk(&tokens, unknowns: encoder.takeUnknowns(), isLast: true, into: &accumulator)
    let result = accumulator.result(reader, encoder, words, isWhole: true)
    guard result.tokens > 0 else { throw EvaluationError.emptyText(name: source.name) }
    guard result.nats.isFinite else { throw Self.notFinite(name: source.name) }
    try accumulator.endText(result)
    return result
  }

  /// Scores `tokens` and empties the array.
  private mutating func scoreChunk(
    _ tokens: inout [TokenID], unknowns: [UnknownUnit], isLast: Bool,
    into accumulator: inout CodeLengthAccumulator
  ) throws {
    var nats: [Double] = []
    tokens.withUnsafeBufferPointer { append($0, nats: &nats) { accumulator.rank($0) } }
    if isLast { endText(nats: &nats) { accumulator.rank($0) } }
    try accumulator.append(tokens, unknowns: unknowns, nats: nats)
    tokens.removeAll(keepingCapacity: true)
  }
}

/// Static evaluation: the weights do not change.
extension SequenceScorer: ScoringModel {
  mutating func beginText(visitsLogits: Bool) {
    beginText(after: Vocabulary.endOfText, visitsLogits: visitsLogits)
  }

  mutating func append(
    _ tokens: UnsafeBufferPointer<TokenID>, nats: inout [Double],
    visitingLogits visit: (MatrixView) -> Void
  ) {
    _ = append(tokens, nats: &nats, visitingLogits: visit, shouldStop: { false })
  }

  mutating func endText(nats: inout [Double], visitingLogits visit: (MatrixView) -> Void) {
    _ = endText(nats: &nats, shouldStop: { false })
  }

  static func notFinite(name: String) -> EvaluationError { .notFinite(name: name) }
}
