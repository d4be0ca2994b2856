import Kernels
import Tokenization

/// A network that tells what the tokens of a text cost, in order: with fixed weights, or with weights that follow
/// the text.
protocol ScoringModel: ~Copyable {
  /// Begins another text.
  /// - Parameter visitsLogits: whether anyone looks at the logits; where not, none may be visited.
  mutating func beginText(visitsLogits: Bool)

  /// Reads on, and appends to `nats` -log p of the next tokens: of all that were read or, where the scorer
  /// must see more first, of fewer.
  /// - Parameter visit: is given the logits by which successive ones of these were scored, [some x V], valid
  ///   during the call.
  mutating func score(
    _ tokens: UnsafeBufferPointer<TokenID>, nats: inout [Double],
    visitingLogits visit: (MatrixView) -> Void)

  /// Appends the nats of the tokens that `score` left; the text has ended.
  mutating func endText(nats: inout [Double], visitingLogits visit: (MatrixView) -> Void)

  /// What is wrong where the nats of the text `name` are no finite number.
  static func notFinite(name: String) -> EvaluationError
}

extension ScoringModel where Self: ~Copyable {
  /// Scores one text from its beginning.
  /// - Parameters:
  ///   - chunkByteCount: how much is read at a time, which is also how often progress is told.
  ///   - progress: is given the figures so far.
  /// - Throws: `EvaluationError`, `TokenizationError.invalidUTF8`, `StorageError`, or what `observers` and
  ///   `progress` throw.
  mutating func evaluate(
    _ source: TextSource, tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy,
    chunkByteCount: Int, observers: [any ScoreObserver],
    progress: (EvaluationResult) throws -> Void
  ) throws -> EvaluationResult {
    var reader = try TextReader(source, invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
    var encoder = TokenEncoder(tokenizer, recordsUnknowns: true)
    var words = WordCounter()
    var account = CodeLengthAccumulator(tokenizer, observers)
    var tokens: [TokenID] = []
    beginText(visitsLogits: account.ranksCandidates)
    try account.beginText(named: source.name)
    while try reader.next({ utf8 -> Void in
      words.append(utf8)
      encoder.append(utf8, to: &tokens)
    }) != nil {
      try score(&tokens, unknowns: encoder.takeUnknowns(), isLast: false, into: &account)
      try progress(account.result(reader, encoder, words, isWhole: false))
    }
    encoder.finish(to: &tokens)
    try score(&tokens, unknowns: encoder.takeUnknowns(), isLast: true, into: &account)
    let result = account.result(reader, encoder, words, isWhole: true)
    guard result.tokens > 0 else { throw EvaluationError.emptyText(name: source.name) }
    guard result.nats.isFinite else { throw Self.notFinite(name: source.name) }
    try account.endText(result)
    return result
  }

  /// Scores `tokens` and empties it.
  private mutating func score(
    _ tokens: inout [TokenID], unknowns: [UnknownUnit], isLast: Bool,
    into account: inout CodeLengthAccumulator
  ) throws {
    var nats: [Double] = []
    tokens.withUnsafeBufferPointer { score($0, nats: &nats) { account.rank($0) } }
    if isLast { endText(nats: &nats) { account.rank($0) } }
    try account.append(tokens, unknowns: unknowns, nats: nats)
    tokens.removeAll(keepingCapacity: true)
  }
}
