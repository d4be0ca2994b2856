import Glibc
import Tokenization

extension NGramCounts {
  /// Counts the n-grams of texts in order, until there are `limit` different ones.
  /// - Returns: the number of characters counted, and whether they are all characters of the texts.
  /// - Throws: `TokenizationError.invalidUTF8` or `StorageError`.
  public mutating func append(
    _ sources: [TextSource], tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy = .error,
    limit: Int = .max
  ) throws -> (characters: Int, isComplete: Bool) {
    var encoder = TokenEncoder(tokenizer)
    for source in sources {
      append([Vocabulary.endOfText])
      var isComplete = true
      try encoder.encode(source, invalidUTF8: invalidUTF8) { tokens in
        append(tokens)
        isComplete = count < limit
        return isComplete
      }
      guard isComplete else { return (encoder.characterCount, false) }
    }
    return (encoder.characterCount, true)
  }
}

extension NGramModel {
  /// The code length of a text under the model of each order, in nats, as `Evaluator` computes it
  /// for a network, unknown characters included. Order 0 is a uniform choice from the alphabet.
  /// - Throws: `TokenizationError.invalidUTF8` or `StorageError`.
  public func nats(
    of source: TextSource, tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy = .error
  ) throws -> [Double] {
    var encoder = TokenEncoder(tokenizer)
    var context = emptyContext
    var nats = [Double](repeating: 0, count: 1 + maximumOrder)
    var ignored: [Double] = []
    advance(Vocabulary.endOfText, &context, probabilities: &ignored)
    try encoder.encode(source, invalidUTF8: invalidUTF8) { tokens in
      add(tokens, &context, to: &nats)
      return true
    }
    return nats.map { $0 + encoder.unknownNats }
  }

  private func add(_ tokens: [TokenID], _ context: inout Context, to nats: inout [Double]) {
    var probabilities: [Double] = []
    for token in tokens {
      advance(token, &context, probabilities: &probabilities)
      if token == Vocabulary.endOfText, !countsEndOfText { continue }
      nats[0] += log(Double(alphabetSize))
      for order in 1...maximumOrder { nats[order] -= log(probabilities[order - 1]) }
    }
  }
}
