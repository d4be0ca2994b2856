/// A generated text and how likely the model thinks it.
public struct GenerationResult: Sendable, Equatable {
  /// Why a text ended.
  public enum FinishReason: String, Sendable {
    /// It has as many characters as were asked for.
    case length
    /// It came to a text at which it was told to stop, to the end of its pattern, or to its end by the model's
    /// own judgement.
    case stop
  }

  /// The text behind the prompt.
  public let text: String
  /// How many tokens were chosen, those of a text to stop at, the end-of-text token and one that left a pattern
  /// among them.
  public let tokens: Int
  /// The mean of -log p of the chosen tokens, p being the model's own distribution over all tokens,
  /// whatever the settings; nil where no token was chosen or the model's logits are not finite.
  public let natsPerToken: Double?
  public let finishReason: FinishReason

  package init(text: String, tokens: Int, natsPerToken: Double?, finishReason: FinishReason) {
    self.text = text
    self.tokens = tokens
    self.natsPerToken = natsPerToken
    self.finishReason = finishReason
  }

  /// Unicode scalars of the text.
  public var characters: Int { text.unicodeScalars.count }

  /// The index of the text with the greatest mean log p per token, of several the first one.
  public static func mostLikely(of results: [GenerationResult]) -> Int {
    results.indices.min {
      (results[$0].natsPerToken ?? .infinity) < (results[$1].natsPerToken ?? .infinity)
    } ?? 0
  }
}
