import Tokenization

/// A prompt as tokens of a model.
///
/// ```swift
/// import Generation
///
/// let prompt = try Prompt("Once upon a time", tokenizer: model.tokenizer)
/// if let unknowns = prompt.unknowns { print("replaced: \(unknowns)") }
/// ```
///
/// An unknown character is replaced by the nearest known one: its canonical form, then its
/// compatibility form, then these without unknown marks, then in lower and upper case, then its
/// typographic neighbors, as a curly quote for a straight one. If none is known, it becomes the
/// unknown token.
public struct Prompt: Sendable {
  /// The text that the model reads: the prompt after normalization and substitution, with U+FFFD
  /// for each unknown token.
  public let text: String
  /// Its tokens, without a token for the beginning of a text.
  public let tokens: [TokenID]
  /// The characters that were substituted; nil if there are none.
  public let substitutions: CharacterReport?
  /// The characters that became the unknown token; nil if there are none.
  public let unknowns: CharacterReport?

  private static let dashes: Set<String?> = ["\u{2013}", "\u{2014}", "\u{2015}"]

  /// Tokenizes `text`, which may be empty.
  /// - Parameters:
  ///   - text: The prompt as given.
  ///   - tokenizer: The model's.
  ///   - previous: The last character before the prompt; nil at the beginning of a text.
  ///   - strict: Whether an unknown character is an error.
  /// - Throws: `GenerationError.unknownCharacters`.
  public init(
    _ text: String, tokenizer: Tokenizer, after previous: Unicode.Scalar? = nil,
    strict: Bool = false
  ) throws(GenerationError) {
    let tokenized = tokenizer.encode(text, after: previous)
    if strict && !tokenized.unknowns.isEmpty {
      throw .unknownCharacters(CharacterReport(tokenized.unknowns))
    }
    var tokens: [TokenID] = []
    var pairs: [(unit: String, substitute: String?)] = []
    var unknowns: [UnknownUnit] = []
    var position = 0
    for unknown in tokenized.unknowns {
      tokens += tokenized.ids[position..<unknown.tokenIndex]
      if unknown.spelling == "-", position == unknown.tokenIndex, let last = pairs.last,
        last.unit == "-", Self.dashes.contains(last.substitute)
      {
        // Two hyphens are one dash.
        position = unknown.tokenIndex + 1
        pairs.append(last)
        continue
      }
      position = unknown.tokenIndex + 1
      let last = tokens.last.map { tokenizer.decode([$0]).unicodeScalars.last } ?? previous
      if let substitute = tokenizer.substitute(for: unknown.spelling, after: last) {
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

extension Prompt {
  /// What was read in place of characters that the model does not know.
  /// - Parameter text: what the characters belong to.
  package func notes(on text: String) -> [String] {
    [
      substitutions.map {
        "The model has never seen some characters of \(text): read \($0.list)."
      },
      unknowns.map {
        "The model has never seen \($0) of \(text): read as unknown, shown as \u{FFFD}."
      },
    ].compactMap { $0 }
  }
}
