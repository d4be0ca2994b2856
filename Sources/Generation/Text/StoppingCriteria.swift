import Patterns
import Tokenization

/// When a text ends, and what form it has then.
public struct StoppingCriteria: Sendable {
  /// Characters after which it ends at the latest.
  public var length: Int { didSet { emptyMatch = nil } }
  /// Characters before which it does not end: what would end it earlier is passed over.
  public var minimumLength: Int { didSet { emptyMatch = nil } }
  /// Texts before which it ends; they are not part of it. That which is complete first counts, and of
  /// several the longest.
  public var stops: [String]
  /// Whether it ends where the model says that it does, by the end-of-text token; otherwise that token is
  /// never chosen.
  public var stopsAtEndOfText: Bool
  /// What the whole text matches in the end; nil for any text.
  ///
  /// Only tokens are chosen with which the text can still become a match, within the length. It ends where the match cannot
  /// go on. Where it is complete and could go on, the token is chosen among all: one that the pattern does not
  /// allow, the end-of-text token among them, ends the text before it. So the text ends where the model would leave the
  /// pattern, as often as it would: `[A-Z][a-z]+` is a word because the model writes a space behind it. No text to
  /// stop at ends it where it is no match.
  public var pattern: Pattern? { didSet { emptyMatch = nil } }
  /// The empty text as a match of the pattern; nil without a pattern, or if it is not compiled yet.
  package private(set) var emptyMatch: PatternMatch?

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

  /// Rejects criteria that mean nothing.
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

  /// These criteria with the pattern compiled for a tokenizer, so that mistakes are found early and the
  /// work is done once.
  /// - Parameter banned: tokens that are never chosen.
  /// - Throws: what `validate` throws, or `GenerationSettingsError.pattern` if no text can be a match.
  public func compiled(
    for tokenizer: Tokenizer, banned: Set<TokenID> = []
  ) throws(GenerationSettingsError) -> StoppingCriteria {
    try validate()
    var criteria = self
    guard let pattern, emptyMatch == nil else { return criteria }
    do {
      criteria.emptyMatch = try PatternMatch(
        pattern, tokenizer: tokenizer, excluding: banned, minimumLength: minimumLength,
        length: length)
    } catch {
      throw .pattern(error)
    }
    return criteria
  }
}
