import Tokenization

extension Tokenizer {
  /// The tokens that a text begins with, `count` at the most.
  /// - Throws: `EvaluationError.emptyText`, `TokenizationError.invalidUTF8` or `StorageError`.
  func firstTokens(
    _ count: Int, of source: TextSource, invalidUTF8: InvalidUTF8Policy
  ) throws -> [TokenID] {
    var encoder = TokenEncoder(self)
    var tokens: [TokenID] = []
    try encoder.encode(source, invalidUTF8: invalidUTF8) { chunk in
      tokens += chunk
      return tokens.count < count
    }
    guard !tokens.isEmpty else { throw EvaluationError.emptyText(name: source.name) }
    return Array(tokens.prefix(count))
  }
}
