import Kernels
import RecurrentNetwork
import Tokenization

extension TextGenerator {
  /// Searches for the text that the model finds most likely: beam search (Lowerre 1976, "The Harpy
  /// speech recognition system").
  ///
  /// Of all texts one token longer than the current ones, the `beamCount` with the greatest sums of
  /// log p are kept; complete texts are set aside and leave their beams empty. Of all complete
  /// texts, the one with the greatest mean of log p per token is returned, so that ending early is
  /// no advantage by itself. Nothing is random. A single beam chooses as temperature 0 does.
  /// - Parameters:
  ///   - prompt: The text to continue, tokenized by the model's tokenizer.
  ///   - state: The state to continue from; nil for the beginning of a text.
  ///   - beamCount: The texts that are kept at a time.
  ///   - criteria: When the text ends.
  ///   - banned: Tokens that are never chosen.
  /// - Throws: `GenerationSettingsError`, or `GenerationError.emptyVocabulary`.
  /// - Precondition: `beamCount` is at least 1.
  public mutating func search(
    after prompt: Prompt, from state: GenerationState? = nil, beamCount: Int,
    until criteria: StoppingCriteria, banned: Set<TokenID> = []
  ) throws -> GenerationResult {
    precondition(beamCount >= 1, "there must be a beam")
    let settings = SamplerSettings(banned: banned)
    let empty = try continuation(
      until: criteria, settings: settings, history: SamplerHistory(settings))
    if empty.isComplete { return empty.result }
    var state = state ?? initialState
    var beams = Beams(
      empty, count: beamCount, forbidden: forbidden(criteria).union(banned))
    var logits = self.logits(after: prompt.tokens, state: &state)
    var sources = logits.withUnsafeMutableBufferPointer {
      beams.extend(
        by: MatrixView(start: $0.baseAddress!, rowCount: 1, columnCount: $0.count))
    }
    var batch = EnsembleBatch(
      ensemble.weights, states: Array(repeating: state.states, count: beamCount),
      processor: processor)
    while !beams.live.isEmpty {
      // Rows without a text repeat the first one.
      let padding = beamCount - sources.count
      batch.select(sources + Array(repeating: sources[0], count: padding))
      let tokens = beams.live.map(\.token)
      sources = beams.extend(
        by: batch.step(tokens + Array(repeating: tokens[0], count: padding)))
    }
    return beams.best.result
  }
}
