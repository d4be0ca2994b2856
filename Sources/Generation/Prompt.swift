import Tokenization

/// A prompt as a model reads it.
///
/// ```swift
/// let prompt = try Prompt("Once upon a time", tokenizer: model.tokenizer)
/// if let unknowns = prompt.unknowns { print("replaced: \(unknowns)") }
/// ```
public struct Prompt: Sendable {
  /// The prompt after normalisation, U+FFFD in place of what the model does not know.
  public let text: String
  /// Its tokens, without any begin of text.
  public let tokens: [TokenID]
  /// The characters that became the unknown token; nil where there are none.
  public let unknowns: UnknownCharacters?

  /// Tokenises `text`, which may be empty.
  /// - Parameters:
  ///   - text: The prompt as its writer gave it.
  ///   - tokenizer: The model's.
  ///   - strict: Whether an unknown character is an error.
  /// - Throws: `GenerationError.unknownCharacters`.
  public init(
    _ text: String, tokenizer: Tokenizer, strict: Bool = false
  ) throws(GenerationError) {
    let tokenized = tokenizer.encode(text)
    let unknowns = UnknownCharacters(tokenized.unknowns)
    if strict && unknowns.count > 0 { throw .unknownCharacters(unknowns) }
    tokens = tokenized.ids
    self.unknowns = unknowns.count > 0 ? unknowns : nil
    self.text = tokenizer.decode(tokens)
  }
}
