import Tokenization

/// The beginning of a text, in memory: its tokens, and the characters that they complete.
package struct TracedText: Sendable {
  package let name: String
  package private(set) var tokens: [TokenID] = []
  /// The character that a token completes; nil for a byte in the middle of one.
  package private(set) var characters: [String?] = []
  package private(set) var characterCount = 0
  /// Whether the text has more characters.
  package private(set) var isCut = false

  /// - Throws: `DiagnosisError.tooShortToCorrelate`, or the errors of reading the text.
  package init(
    _ source: TextSource, tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy,
    maximumCharacters: Int
  ) throws {
    name = source.name
    var encoder = TokenEncoder(tokenizer, recordsUnknowns: true)
    var decoder = TextDecoder(tokenizer)
    var ids: [TokenID] = []
    var unknowns: [UnknownUnit] = []
    // The encoder records a unit before it hands out its token.
    try encoder.encode(source, invalidUTF8: invalidUTF8) { chunk in
      ids += chunk
      return ids.count / 4 <= maximumCharacters
    }
    unknowns = encoder.takeUnknowns()
    var unknown = unknowns[...]
    for id in ids {
      guard characterCount < maximumCharacters else {
        isCut = true
        break
      }
      let text = decoder.append(id)
      tokens.append(id)
      let spelling = id == Vocabulary.unknown ? unknown.removeFirst().spelling : text
      characters.append(spelling.isEmpty ? nil : spelling)
      if !spelling.isEmpty { characterCount += 1 }
    }
    guard characterCount >= 2 else {
      throw DiagnosisError.tooShortToCorrelate(name: name, characterCount: characterCount)
    }
  }
}
