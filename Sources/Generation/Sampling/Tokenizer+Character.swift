import Tokenization

extension Tokenizer {
  /// The tokens of the characters of `text`, which are grapheme clusters; nil for characters
  /// outside the vocabulary, which are never generated.
  /// - Throws: `GenerationSettingsError.severalTokens` for a character that is more than one token.
  public func tokens(ofCharacters text: String) throws(GenerationSettingsError) -> [TokenID?] {
    var tokens: [TokenID?] = []
    for character in GraphemeBuffer.clusters(of: text) {
      let ids = encode(character).ids
      guard ids.count == 1 else {
        throw .severalTokens(character: character, count: ids.count)
      }
      tokens.append(ids[0] == Vocabulary.unknown ? nil : ids[0])
    }
    return tokens
  }
}
