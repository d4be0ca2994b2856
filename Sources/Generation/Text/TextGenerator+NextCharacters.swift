import Tokenization

/// A token that may come next, with its probabilities.
public struct NextCharacter: Sendable, Equatable {
  /// The token.
  public let token: TokenID
  /// The probability under the model's own distribution over all tokens.
  public let probability: Double
  /// The probability under the settings, with which it would be drawn.
  public let drawProbability: Double
}

extension TextGenerator {
  /// All tokens that may come next, in descending order of the model's probability, and of equal
  /// ones in order of their ids.
  /// - Parameters:
  ///   - state: the state to continue from, which does not change.
  ///   - criteria: whether the end-of-text token may be drawn, and the pattern of the text that
  ///     begins here.
  ///   - settings: how tokens are chosen.
  /// - Throws: `GenerationSettingsError`, or `GenerationError.emptyVocabulary`.
  public mutating func nextCharacters(
    after state: GenerationState, until criteria: StoppingCriteria, settings: SamplerSettings
  ) throws -> [NextCharacter] {
    var history = SamplerHistory(settings)
    history.append(contentsOf: state.recent.tokens)
    let beginning = try continuation(until: criteria, settings: settings, history: history)
    var sampler = try sampler(settings, criteria)
    var state = state
    let logits = logits(after: [], state: &state)
    let drawn = sampler.probabilities(logits, history: history, within: beginning.match)
    let probabilities = TokenCandidates(logits, temperature: 1).probabilities
    return probabilities.indices.map {
      NextCharacter(
        token: TokenID($0), probability: probabilities[$0], drawProbability: drawn[$0])
    }.sorted { ($1.probability, $0.token) < ($0.probability, $1.token) }
  }
}
