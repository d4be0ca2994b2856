import Patterns
import Tokenization

/// The criteria that end a generated text, and the pattern that it must match.
public struct StoppingCriteria: Sendable {
  /// The maximum length of the text in characters.
  public var length: Int { didSet { emptyMatch = nil } }
  /// The minimum length in characters: whatever would end the text earlier is ignored.
  public var minimumLength: Int { didSet { emptyMatch = nil } }
  /// The maximum number of tokens; it matters only where a character can be several tokens.
  public var mostTokens = Int.max
  /// Stop texts, which are not part of the text. The first to be completed ends it; among several,
  /// the longest.
  public var stops: [String]
  /// Whether the model can end the text by the end-of-text token. Otherwise that token is never
  /// chosen, or, if the model's texts hold several documents, the next document follows.
  public var stopsAtEndOfText: Bool
  /// The pattern that the complete text matches; nil for any text.
  ///
  /// Only tokens with which the text can still become a match within the length are chosen. The
  /// text ends when the match cannot continue. When it is complete but could continue, the next
  /// token is chosen among all: one that the pattern does not allow, such as the end-of-text token,
  /// ends the text before it. So the text ends where the model would leave the pattern, as often as
  /// it would: `[A-Z][a-z]+` is a word because the model writes a space after it. A stop text does
  /// not end a text that is not a match.
  public var pattern: Pattern? { didSet { emptyMatch = nil } }
  /// Whether the text ends where the model would leave the pattern; otherwise only tokens that the
  /// pattern allows are chosen, until the text is as long as it may be.
  public var leavesPattern = true { didSet { emptyMatch = nil } }
  /// Where a text that has its length may end; nil for anywhere. It grows until it gets there, but
  /// at most by `mostCharactersToFinish`.
  public var finish: TextBoundary? { didSet { emptyMatch = nil } }
  /// The empty text as a match of the pattern; nil without a pattern, or if it is not compiled yet.
  package private(set) var emptyMatch: PatternMatch?

  /// The characters that a text grows by to get to its `finish`.
  public static let mostCharactersToFinish = 2_000

  /// The length that no text exceeds.
  var greatestLength: Int {
    guard finish != nil else { return length }
    return min(length, .max - Self.mostCharactersToFinish) + Self.mostCharactersToFinish
  }

  /// Creates criteria for texts of `length` characters.
  public init(
    length: Int, minimumLength: Int = 0, stops: [String] = [], stopsAtEndOfText: Bool = false,
    pattern: Pattern? = nil
  ) {
    self.length = length
    self.minimumLength = minimumLength
    self.stops = stops
    self.stopsAtEndOfText = stopsAtEndOfText
    self.pattern = pattern
  }

  /// Rejects invalid criteria.
  /// - Throws: `GenerationSettingsError.outOfRange` or `.emptyStop`.
  public func validate() throws(GenerationSettingsError) {
    guard length >= 0 else {
      throw .outOfRange(.length, value: "\(length)", range: "a number of characters, 0 or more")
    }
    guard 0...length ~= minimumLength else {
      throw .outOfRange(
        .minimumLength, value: "\(minimumLength)",
        range: "a number of characters from 0 to \(length), the length")
    }
    guard !stops.contains("") else { throw .emptyStop }
  }

  /// These criteria with the pattern compiled for a tokenizer, so that errors are found early and
  /// the work is done once.
  /// - Parameters:
  ///   - tokenizer: the model's.
  ///   - banned: tokens that are never chosen.
  /// - Throws: what `validate` throws, or `GenerationSettingsError.pattern` if no text can be a
  ///   match.
  public func compiled(
    for tokenizer: Tokenizer, banned: Set<TokenID> = []
  ) throws(GenerationSettingsError) -> StoppingCriteria {
    try validate()
    var criteria = self
    guard let pattern, emptyMatch == nil else { return criteria }
    do {
      criteria.emptyMatch = try PatternMatch(
        pattern, tokenizer: tokenizer, excluding: banned, minimumLength: minimumLength,
        length: greatestLength, isOpenEnded: !leavesPattern)
    } catch {
      throw .pattern(error)
    }
    return criteria
  }
}
