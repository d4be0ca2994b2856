/// A generated text and how likely the model thinks it.
public struct GenerationResult: Sendable, Equatable, Codable {
  /// Why a text ended.
  public enum FinishReason: String, Sendable, Codable {
    /// It has the requested number of characters.
    case length
    /// It reached a stop text or the end of its pattern, or the model chose the end-of-text token.
    case stop
  }

  /// The text after the prompt.
  public let text: String
  /// The number of chosen tokens, including those of a stop text, the end-of-text token, and a
  /// token that left a pattern.
  public let tokens: Int
  /// The mean of -log p of the chosen tokens, p being the model's own distribution over all tokens,
  /// whatever the settings; nil if no token was chosen or the model's logits are not finite.
  public let natsPerToken: Double?
  /// Why the text ended.
  public let finishReason: FinishReason

  package init(text: String, tokens: Int, natsPerToken: Double?, finishReason: FinishReason) {
    self.text = text
    self.tokens = tokens
    self.natsPerToken = natsPerToken
    self.finishReason = finishReason
  }

  /// Unicode scalars of the text.
  public var characters: Int { text.unicodeScalars.count }

  /// The index of the text with the greatest mean log p per token, the first one if there are
  /// several.
  public static func mostLikely(of results: [GenerationResult]) -> Int {
    results.indices.min {
      (results[$0].natsPerToken ?? .infinity) < (results[$1].natsPerToken ?? .infinity)
    } ?? 0
  }
}
