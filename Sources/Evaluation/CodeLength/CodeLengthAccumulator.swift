import Kernels
import Tokenization

/// Accumulates the code length of one text and notifies observers unit by unit.
///
/// Nats may arrive later than their tokens.
struct CodeLengthAccumulator {
  private let tokenizer: Tokenizer
  private let characterCounts: [Int]
  private let observers: [any ScoreObserver]
  /// Nil without observers.
  private var assembler: UnitAssembler?
  private var ranking: CandidateRanking
  /// The nats of all tokens, without `Tokenizer.unknownNats`.
  private var tokenNats = CompensatedSum()
  /// The nats of the unknown tokens, without `Tokenizer.unknownNats`.
  private var unknownTokenNats = CompensatedSum()
  private var blocks = CodeLengthBlocks()
  /// The tokens whose nats have not arrived, and below the spellings of the unknown ones among
  /// them.
  private var pendingTokens: [TokenID] = []
  private var pendingUnknowns: [UnknownUnit] = []

  init(_ tokenizer: Tokenizer, _ observers: [any ScoreObserver]) {
    self.tokenizer = tokenizer
    characterCounts = tokenizer.characterCounts
    self.observers = observers
    assembler = observers.isEmpty ? nil : UnitAssembler(tokenizer)
    let wanted = observers.map(\.candidateCount).max() ?? 0
    ranking = CandidateRanking(count: min(wanted, tokenizer.vocabularySize))
  }

  func beginText(named name: String) throws {
    for observer in observers { try observer.beginText(named: name) }
  }

  /// Whether `rank` has any effect.
  var ranksCandidates: Bool { ranking.count > 0 }

  /// Records the candidates at the positions whose nats come with the next `append`.
  /// - Parameter logits: [positions x V].
  mutating func rank(_ logits: MatrixView) { ranking.append(logits) }

  /// Adds tokens, and the nats of the first tokens that have none yet.
  /// - Parameter unknowns: the unknown units among `tokens`, in order.
  mutating func append(_ tokens: [TokenID], unknowns: [UnknownUnit], nats: [Double]) throws {
    pendingTokens += tokens
    pendingUnknowns += unknowns
    let scored = Array(pendingTokens.prefix(nats.count))
    let spelled = Array(pendingUnknowns.prefix(scored.count { $0 == Vocabulary.unknown }))
    pendingTokens.removeFirst(scored.count)
    pendingUnknowns.removeFirst(spelled.count)
    try notify(scored, nats: add(scored, nats: nats, unknowns: spelled), unknowns: spelled)
  }

  /// - Returns: the nats; those of unknown tokens include `Tokenizer.unknownNats`.
  private mutating func add(
    _ tokens: [TokenID], nats: [Double], unknowns: [UnknownUnit]
  ) -> [Double] {
    var nats = nats
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
    return nats
  }

  private mutating func notify(
    _ tokens: [TokenID], nats: [Double], unknowns: [UnknownUnit]
  ) throws {
    let units = assembler?.append(
      tokens, nats: nats, unknowns: unknowns, candidates: ranking.candidates)
    ranking.removeAll()
    guard let units, !units.isEmpty else { return }
    for observer in observers { try observer.append(units) }
  }

  /// The figures so far: the nats of the tokens scored, the counts of the text read; at the end of
  /// the text also its blocks.
  mutating func result(_ text: TextReading) -> EvaluationResult {
    var result = text.counts
    result.nats += tokenNats.value
    result.unknownNats += unknownTokenNats.value
    guard text.isAtEnd else { return result }
    blocks.endText()
    result.blocks = blocks
    return result
  }

  func endText(_ result: EvaluationResult) throws {
    for observer in observers { try observer.endText(result) }
  }
}
