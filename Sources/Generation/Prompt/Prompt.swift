import Tokenization

/// A prompt as a model reads it.
///
/// ```swift
/// let prompt = try Prompt("Once upon a time", tokenizer: model.tokenizer)
/// if let unknowns = prompt.unknowns { print("replaced: \(unknowns)") }
/// ```
///
/// A character that the model does not know is read as the nearest that it knows: its canonical, then its
/// compatibility form, then these without unknown marks, then in lower and upper case; else it becomes the
/// unknown token.
public struct Prompt: Sendable {
  /// What the model reads: the prompt after normalization and with its substitutes, U+FFFD in place of
  /// what it does not know.
  public let text: String
  /// Its tokens, without any begin of text.
  public let tokens: [TokenID]
  /// The characters in whose place others are read; nil where there are none.
  public let substitutions: CharacterReport?
  /// The characters that became the unknown token; nil where there are none.
  public let unknowns: CharacterReport?

  /// Tokenizes `text`, which may be empty.
  /// - Parameters:
  ///   - text: The prompt as its writer gave it.
  ///   - tokenizer: The model's.
  ///   - strict: Whether an unknown character is an error.
  /// - Throws: `GenerationError.unknownCharacters`.
  public init(
    _ text: String, tokenizer: Tokenizer, strict: Bool = false
  ) throws(GenerationError) {
    let tokenized = tokenizer.encode(text)
    if strict && !tokenized.unknowns.isEmpty {
      throw .unknownCharacters(CharacterReport(tokenized.unknowns))
    }
    var tokens: [TokenID] = []
    var pairs: [(unit: String, substitute: String?)] = []
    var unknowns: [UnknownUnit] = []
    var position = 0
    for unknown in tokenized.unknowns {
      tokens += tokenized.ids[position..<unknown.tokenIndex]
      position = unknown.tokenIndex + 1
      if let substitute = tokenizer.substitute(for: unknown.spelling) {
        tokens += substitute
        pairs.append((unknown.spelling, tokenizer.decode(substitute)))
      } else {
        tokens.append(Vocabulary.unknown)
        unknowns.append(unknown)
      }
    }
    tokens += tokenized.ids[position...]
    self.tokens = tokens
    self.text = tokenizer.decode(tokens)
    substitutions = pairs.isEmpty ? nil : CharacterReport(pairs)
    self.unknowns = unknowns.isEmpty ? nil : CharacterReport(unknowns)
  }
}
