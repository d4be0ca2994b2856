import Tokenization

extension Tokenizer {
  /// The tokens that a text begins with, `count` at the most.
  /// - Throws: `EvaluationError.emptyText`, `TokenizationError.invalidUTF8` or `StorageError`.
  func firstTokens(
    _ count: Int, of source: TextSource, invalidUTF8: InvalidUTF8Policy
  ) throws -> [TokenID] {
    var reader = try TextReader(source, invalidUTF8: invalidUTF8)
    var encoder = TokenEncoder(self)
    var tokens: [TokenID] = []
    while tokens.count < count, try reader.next({ encoder.append($0, to: &tokens) }) != nil {}
    encoder.finish(to: &tokens)
    guard !tokens.isEmpty else { throw EvaluationError.emptyText(name: source.name) }
    return Array(tokens.prefix(count))
  }
}
