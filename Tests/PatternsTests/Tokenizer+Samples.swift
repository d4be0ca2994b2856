import Patterns
import TestSupport
import Tokenization

extension Tokenizer {
  /// All of ASCII that can be seen, and some more.
  static let everyday =
    String(String.UnicodeScalarView((0x20...0x7E).map { Unicode.Scalar($0)! }))
    + "\n\t\r\u{C}\u{B}éÉüß☃₂٣\u{301}😀"

  /// A tokenizer of the characters of `text`.
  static func of(
    _ text: String, _ configuration: TokenizerConfiguration = TokenizerConfiguration()
  ) throws -> Tokenizer {
    try fit([.text(text, name: "sample")], configuration: configuration)
  }

  /// A tokenizer of the alphabet of random patterns, and what they do not speak of.
  static func ofRandomPatterns(
    _ unit: TokenUnit
  ) throws -> (tokenizer: Tokenizer, others: Set<TokenID>) {
    let tokenizer = try of(RandomPattern.text, TokenizerConfiguration(unit: unit))
    return (tokenizer, RandomPattern.otherTokens(of: tokenizer))
  }

  /// Whether the tokens of `text` lead through `expression` to a match.
  func spells(_ text: String, _ expression: String) throws -> Bool {
    let pattern = try Pattern(expression)
    let match = try? PatternMatch(
      pattern, tokenizer: self, minimumLength: 0, length: normalize(text).unicodeScalars.count)
    return match.map { spells(text, in: $0) } ?? false
  }

  /// The same for a match that is empty.
  func spells(_ text: String, in match: PatternMatch) -> Bool {
    var match = match
    for token in encode(text).ids {
      guard match.allows(token) else { return false }
      match.append(token)
    }
    return match.mayEnd
  }
}
