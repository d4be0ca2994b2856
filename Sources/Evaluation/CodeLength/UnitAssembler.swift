import Tokenization

/// Joins scored tokens into units with a spelling.
struct UnitAssembler {
  private let spellings: [String]
  private let characterCounts: [Int]
  /// Joins the bytes of a scalar, if the unit is the byte; else nil.
  private var decoder: TextDecoder?
  private var heldNats = 0.0
  private var heldCandidates: [Candidate]?

  init(_ tokenizer: Tokenizer) {
    spellings = (0..<tokenizer.vocabularySize).map {
      tokenizer.spelling(of: TokenID($0))
    }
    characterCounts = tokenizer.characterCounts
    decoder = tokenizer.configuration.unit == .byte ? TextDecoder(tokenizer) : nil
  }

  /// The units that `tokens` complete.
  /// - Parameters:
  ///   - nats: of each token, `Tokenizer.unknownNats` included.
  ///   - unknowns: the unknown units among `tokens`, in order.
  ///   - candidates: those of each token, or an empty array.
  mutating func append(
    _ tokens: [TokenID], nats: [Double], unknowns: [UnknownUnit], candidates: [[Candidate]]
  ) -> [ScoredUnit] {
    var units: [ScoredUnit] = []
    units.reserveCapacity(tokens.count)
    var unknowns = unknowns[...]
    for (index, token) in tokens.enumerated() {
      let ranked = candidates.isEmpty ? [] : candidates[index]
      if decoder != nil {
        if let unit = appendByte(token, nats: nats[index], ranked) { units.append(unit) }
        continue
      }
      let isUnknown = token == Vocabulary.unknown
      let spelling = isUnknown ? unknowns.removeFirst().spelling : spellings[Int(token)]
      units.append(
        ScoredUnit(
          spelling: spelling,
          characterCount: isUnknown
            ? spelling.unicodeScalars.count : characterCounts[Int(token)],
          nats: nats[index], isUnknown: isUnknown, candidates: ranked))
    }
    return units
  }

  private mutating func appendByte(
    _ token: TokenID, nats: Double, _ candidates: [Candidate]
  ) -> ScoredUnit? {
    heldNats += nats
    let first = heldCandidates ?? candidates
    let spelling = decoder!.append(token)
    guard !spelling.isEmpty else {
      heldCandidates = first
      return nil
    }
    defer { (heldNats, heldCandidates) = (0, nil) }
    return ScoredUnit(
      spelling: spelling, characterCount: spelling.unicodeScalars.count, nats: heldNats,
      candidates: first)
  }
}
