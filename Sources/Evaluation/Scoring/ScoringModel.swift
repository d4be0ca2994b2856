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
  ///   - text: of which nothing has been scored; it may have been read.
  ///   - progress: receives the figures so far, after each chunk.
  /// - Throws: `EvaluationError`, `TokenizationError.invalidUTF8`, `StorageError`, or what
  ///   `observers` and `progress` throw.
  mutating func score(
    _ text: TextReading, observers: [any ScoreObserver],
    progress: (EvaluationResult) throws -> Void
  ) throws -> EvaluationResult {
    var accumulator = CodeLengthAccumulator(text.tokenizer, observers)
    beginText(visitsLogits: accumulator.ranksCandidates)
    try accumulator.beginText(named: text.name)
    repeat {
      if !text.isAtEnd { try text.readChunk() }
      let (tokens, unknowns) = text.takeTokens()
      var nats: [Double] = []
      tokens.withUnsafeBufferPointer { append($0, nats: &nats) { accumulator.rank($0) } }
      if text.isAtEnd { endText(nats: &nats) { accumulator.rank($0) } }
      try accumulator.append(tokens, unknowns: unknowns, nats: nats)
      if !text.isAtEnd { try progress(accumulator.result(text)) }
    } while !text.isAtEnd
    let result = accumulator.result(text)
    guard result.tokens > 0 else { throw EvaluationError.emptyText(name: text.name) }
    guard result.nats.isFinite else { throw Self.notFinite(name: text.name) }
    try accumulator.endText(result)
    return result
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
