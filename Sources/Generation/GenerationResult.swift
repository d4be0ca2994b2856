/// A generated text and how likely the model thinks it.
public struct GenerationResult: Sendable, Equatable {
  /// Why a text ended.
  public enum FinishReason: String, Sendable {
    /// It has as many characters as were asked for.
    case length
    /// It ran into something at which it was told to stop.
    case stop
  }

  /// The text behind the prompt.
  public let text: String
  /// How many tokens were chosen.
  public let tokens: Int
  /// The mean of -log p of the chosen tokens, p being the model's own distribution over all tokens,
  /// whatever the settings; nil where no token was chosen or the model's logits are not finite.
  public let natsPerToken: Double?
  public let finishReason: FinishReason
}
