import Tokenization

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
