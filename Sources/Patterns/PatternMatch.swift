import Tokenization

/// A text that grows by a model's tokens and becomes a match of a pattern.
///
/// ```swift
/// import Patterns
///
/// var match = try PatternMatch(
///   Pattern("[A-Z][a-z]+"), tokenizer: model.tokenizer, minimumLength: 0, length: 20)
/// while !match.mustEnd {
///   let token = tokens.first { match.allows($0) }!
///   match.append(token)
/// }
/// ```
///
/// A token is allowed if the text with it can still become a match with the available tokens and
/// within the length. So some token is always allowed until the text may end, and no text ends in
/// the middle of the pattern. Lengths count what `TextDecoder` counts: tokens or, if the unit is
/// the byte, the scalars that they spell.
///
/// It is a value; copies share the automaton, which is built once.
public struct PatternMatch: Sendable {
  private let automaton: TokenAutomaton
  private let lengths: MatchLengths
  private let tokenClasses: [UInt16]
  private let minimumLength: Int
  private let length: Int
  private let isOpenEnded: Bool
  private var state: Int32
  private var characterCount = 0
  /// By the class of the tokens.
  private var allowed: [Bool]

  /// Creates an empty text.
  /// - Parameters:
  ///   - pattern: the pattern that the whole text must match.
  ///   - tokenizer: that of the text's tokens.
  ///   - excluded: tokens that never occur.
  ///   - minimumLength: the fewest characters of a match.
  ///   - length: the most characters.
  ///   - isOpenEnded: whether only the length ends the text, and not a token that is not allowed.
  /// - Throws: `PatternError` if no text is a match.
  /// - Precondition: the lengths are not negative.
  public init(
    _ pattern: Pattern, tokenizer: Tokenizer, excluding excluded: Set<TokenID> = [],
    minimumLength: Int, length: Int, isOpenEnded: Bool = false
  ) throws(PatternError) {
    precondition(minimumLength >= 0 && length >= 0, "a length must not be negative")
    automaton = try TokenAutomaton(pattern, tokenizer: tokenizer, excluding: excluded)
    lengths = try MatchLengths(automaton, minimumLength: minimumLength)
    guard lengths.shortest(from: automaton.start, atLeast: 0) != nil else {
      let obstacle = MatchFailure(tokenizer, excluding: excluded)
      throw obstacle.find(in: pattern.syntax) ?? .noMatch
    }
    let shortest = lengths.shortest(from: automaton.start, atLeast: minimumLength)
    guard shortest.map({ $0 <= length }) == true else {
      throw .noMatchOfLength(shortest: shortest, minimumLength: minimumLength, length: length)
    }
    tokenClasses = automaton.classes.tokens
    self.minimumLength = minimumLength
    self.length = length
    self.isOpenEnded = isOpenEnded
    state = automaton.start
    allowed = Array(repeating: false, count: automaton.classes.spellings.count)
    findAllowed()
  }

  /// Whether a token that is not allowed may end the text: it is a match and long enough.
  public var mayEnd: Bool { !isOpenEnded && isMatch }

  /// Whether the text is a match and long enough.
  public var isMatch: Bool {
    automaton.isAccepting[Int(state)] && characterCount >= minimumLength
  }

  /// Whether no token can follow.
  public var mustEnd: Bool { !allowed.contains(true) }

  /// Whether no longer text would be a match, of any length.
  public var isExhausted: Bool {
    automaton.edges[Int(state)].allSatisfy {
      lengths.shortest(from: $0.target, atLeast: 0) == nil
    }
  }

  /// Whether the text can become a match after `token`. The unknown token and the end of a text are
  /// never part of a match.
  /// - Precondition: `token` is in the vocabulary.
  public func allows(_ token: TokenID) -> Bool { allowed[Int(tokenClasses[Int(token)])] }

  /// Calls `body` with the class of each token, by id, and whether tokens of each class are
  /// allowed: the same as `allows`, for callers that check all tokens.
  package func withClasses(
    _ body: (_ classes: UnsafeBufferPointer<UInt16>, _ isAllowed: UnsafeBufferPointer<Bool>) -> Void
  ) {
    tokenClasses.withUnsafeBufferPointer { classes in
      allowed.withUnsafeBufferPointer { body(classes, $0) }
    }
  }

  /// Adds a token.
  /// - Precondition: it is allowed.
  public mutating func append(_ token: TokenID) {
    precondition(allows(token), "the pattern must allow the token")
    let tokenClass = Int(tokenClasses[Int(token)])
    state = automaton.state(after: state, tokenClass: tokenClass)
    characterCount += automaton.classes.characterCounts[tokenClass]
    findAllowed()
  }

  /// Whether `text` is a match by itself, of any length.
  /// - Precondition: it is a prefix of this text, or of an earlier state of this text.
  public func isMatch(_ text: String) -> Bool {
    let unit = automaton.unit
    return automaton.accepts(
      NondeterministicAutomaton.symbols(text.unicodeScalars.map(\.value), unit: unit))
  }

  private mutating func findAllowed() {
    for tokenClass in 1..<allowed.count {
      let target = automaton.state(after: state, tokenClass: tokenClass)
      let count = characterCount + automaton.classes.characterCounts[tokenClass]
      let missing =
        target < 0 || count > length
        ? nil : lengths.shortest(from: target, atLeast: max(0, minimumLength - count))
      allowed[tokenClass] = missing.map { $0 <= length - count } ?? false
    }
  }
}
