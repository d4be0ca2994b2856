import Tokenization

/// The reason why no text of a model matches: the first character of a pattern that every match
/// contains and no token has.
struct MatchFailure {
  private let text: NormalizedPattern
  private let unit: TokenUnit
  /// The symbols of all tokens.
  private let known: Set<UInt32>
  /// The symbols of the tokens that are not excluded.
  private let available: Set<UInt32>

  init(_ tokenizer: Tokenizer, excluding excluded: Set<TokenID>) {
    text = NormalizedPattern(tokenizer)
    unit = tokenizer.configuration.unit
    let tokens = (0..<tokenizer.vocabularySize).map { TokenID($0) }
    known = Set(tokens.flatMap { TokenClasses.symbols(of: $0, tokenizer) })
    available = Set(
      tokens.flatMap { excluded.contains($0) ? [] : TokenClasses.symbols(of: $0, tokenizer) })
  }

  /// Looks at each part once: groups may be nested 200 deep.
  /// - Returns: nil if no single character is the reason.
  func find(in syntax: PatternSyntax) -> PatternError? {
    switch syntax {
    case .empty: return nil
    case .literal(let scalars, let position): return missing(text.scalars(scalars), position)
    case .oneOf(let characters, let position): return missing(characters, position)
    case .concatenation(let parts):
      for part in parts {
        if let error = find(in: part) { return error }
      }
      return nil
    case .alternation(let branches):
      guard let error = find(in: branches[0]) else { return nil }
      return branches.dropFirst().contains { find(in: $0) == nil } ? nil : error
    case .repetition(let part, let least, _, _): return least == 0 ? nil : find(in: part)
    }
  }

  private func missing(_ scalars: [UInt32], _ position: Int) -> PatternError? {
    for scalar in scalars {
      let symbols = NondeterministicAutomaton.symbols([scalar], unit: unit)
      let name = Unicode.Scalar(scalar)!
      guard available.isSuperset(of: symbols) else {
        return known.isSuperset(of: symbols)
          ? .bannedCharacter(name, position: position) : .unknownCharacter(name, position: position)
      }
    }
    return nil
  }

  private func missing(_ characters: CharacterClass, _ position: Int) -> PatternError? {
    guard unit != .byte, let (set, sequences) = try? text.characters(characters, position: position)
    else { return nil }
    let isPossible =
      available.contains { set.contains($0) }
      || sequences.contains { available.isSuperset(of: $0) }
    return isPossible ? nil : .noCharacter(position: position)
  }
}
