import Generation
import Tokenization

/// A prompt, and the texts to generate after it.
package struct GenerationRequest: Sendable {
  /// The text before a prompt.
  package enum Beginning: Sendable, Hashable {
    /// Nothing: the prompt begins a text, as texts do that are evaluated.
    case text
    /// A paragraph break, see `TextGenerator.paragraphState`.
    case paragraph
  }

  package var beginning: Beginning
  package var prompt: [TokenID]
  package var criteria: StoppingCriteria
  package var settings: SamplerSettings
  /// One for each text.
  package var seeds: [UInt64]
  /// The number of candidates in the scores of tokens; nil for no scores.
  package var candidateCount: Int?
  /// Whether the prompt's tokens are scored, too.
  package var scoresPrompt: Bool

  package init(
    beginning: Beginning, prompt: [TokenID], criteria: StoppingCriteria,
    settings: SamplerSettings, seeds: [UInt64], candidateCount: Int? = nil,
    scoresPrompt: Bool = false
  ) {
    self.beginning = beginning
    self.prompt = prompt
    self.criteria = criteria
    self.settings = settings
    self.seeds = seeds
    self.candidateCount = candidateCount
    self.scoresPrompt = scoresPrompt
  }
}

/// What happens to the texts of a request, in order.
package enum GenerationEvent: Sendable {
  /// The prompt was read; the scores of its tokens, if they were asked for.
  case promptRead([TokenScore])
  /// A text grew.
  case text(index: Int, String, [TokenScore])
  /// A text ended.
  case ended(index: Int, GenerationResult)
}
