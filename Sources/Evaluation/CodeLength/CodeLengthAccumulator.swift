import Kernels
import Tokenization

/// Keeps count of what a text costs and tells observers of it, where nats may come later than their tokens.
struct CodeLengthAccumulator {
  private var tally: CodeLengthTally
  private var telling: ScoreTelling
  /// Those whose nats are still to come, and what the unknown ones among them spell.
  private var tokens: [TokenID] = []
  private var unknowns: [UnknownUnit] = []

  init(_ tokenizer: Tokenizer, _ observers: [any ScoreObserver]) {
    tally = CodeLengthTally(tokenizer)
    telling = ScoreTelling(observers, tokenizer)
  }

  func beginText(named name: String) throws { try telling.beginText(named: name) }

  /// Whether `rank` has any effect.
  var ranksCandidates: Bool { telling.ranksCandidates }

  /// Notes the candidates in the places whose nats come with the next `append`.
  mutating func rank(_ logits: MatrixView) { telling.rank(logits) }

  /// Takes further tokens, and the nats of the first ones that have none yet.
  mutating func append(_ news: [TokenID], unknowns newUnknowns: [UnknownUnit], nats: [Double])
    throws
  {
    tokens += news
    unknowns += newUnknowns
    var nats = nats
    let scored = Array(tokens.prefix(nats.count))
    let spelled = Array(unknowns.prefix(scored.count { $0 == Vocabulary.unknown }))
    tokens.removeFirst(scored.count)
    unknowns.removeFirst(spelled.count)
    tally.add(scored, nats: &nats, unknowns: spelled)
    try telling.append(scored, nats: nats, unknowns: spelled)
  }

  /// The figures so far, with nats of what is scored and counts of what is read; or, with the blocks, those of the
  /// text that has ended.
  mutating func result(
    _ reader: borrowing TextReader, _ encoder: borrowing TokenEncoder, _ words: WordCounter,
    isWhole: Bool
  ) -> EvaluationResult {
    var result = EvaluationResult(
      characters: encoder.characterCount, bytes: reader.byteCount, words: words.count,
      tokens: encoder.tokenCount, unknownCharacters: encoder.unknownCount,
      nats: tally.tokenNats.value + encoder.unknownNats,
      unknownNats: tally.unknownTokenNats.value + encoder.unknownNats)
    guard isWhole else { return result }
    tally.endText()
    result.blocks = tally.blocks
    return result
  }

  func endText(_ result: EvaluationResult) throws { try telling.endText(result) }
}
