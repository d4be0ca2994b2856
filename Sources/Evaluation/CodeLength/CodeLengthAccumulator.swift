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

/// What the tokens of one text cost so far.
struct CodeLengthTally {
  private let tokenizer: Tokenizer
  private let characterCounts: [Int]
  /// Of all tokens, the choice among what is unknown not included.
  private(set) var tokenNats = CompensatedSum()
  /// Of the unknown tokens, that choice not included.
  private(set) var unknownTokenNats = CompensatedSum()
  private(set) var blocks = CodeLengthBlocks()

  init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    characterCounts = tokenizer.characterCounts
  }

  /// Adds tokens, and to the `nats` of the unknown ones what they cost beyond their token.
  /// - Parameter unknowns: what the unknown ones among `tokens` spell, in order.
  mutating func add(_ tokens: [TokenID], nats: inout [Double], unknowns: [UnknownUnit]) {
    var unknowns = unknowns[...]
    for (index, token) in tokens.enumerated() {
      tokenNats.add(nats[index])
      var characters = characterCounts[Int(token)]
      if token == Vocabulary.unknown {
        characters = unknowns.removeFirst().spelling.unicodeScalars.count
        unknownTokenNats.add(nats[index])
        nats[index] += tokenizer.unknownNats(scalarCount: characters)
      }
      blocks.add(nats: nats[index], characters: characters)
    }
  }

  mutating func endText() { blocks.endText() }
}

/// Tells observers of scored tokens, unit by unit; without observers it costs nothing.
struct ScoreTelling {
  private let observers: [any ScoreObserver]
  private var assembly: UnitAssembler?
  private var ranking: CandidateRanking

  init(_ observers: [any ScoreObserver], _ tokenizer: Tokenizer) {
    self.observers = observers
    assembly = observers.isEmpty ? nil : UnitAssembler(tokenizer)
    let wanted = observers.map(\.candidateCount).max() ?? 0
    ranking = CandidateRanking(count: min(wanted, tokenizer.vocabularySize))
  }

  func beginText(named name: String) throws {
    for observer in observers { try observer.beginText(named: name) }
  }

  /// Whether `rank` has any effect.
  var ranksCandidates: Bool { ranking.count > 0 }

  /// Notes the candidates for further tokens, before these are told with `append`.
  mutating func rank(_ logits: MatrixView) {
    ranking.append(logits)
  }

  mutating func append(_ tokens: [TokenID], nats: [Double], unknowns: [UnknownUnit]) throws {
    let units = assembly?.append(
      tokens, nats: nats, unknowns: unknowns, candidates: ranking.candidates)
    ranking.removeAll()
    guard let units, !units.isEmpty else { return }
    for observer in observers { try observer.append(units) }
  }

  func endText(_ result: EvaluationResult) throws {
    for observer in observers { try observer.endText(result) }
  }
}
