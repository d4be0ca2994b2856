import RecurrentNetwork
import Tokenization

/// The state of models after a text: a small value from which generation can resume.
///
/// ```swift
/// import Generation
///
/// var state = generator.initialState
/// _ = try generator.read(.file("novel.txt"), into: &state)
/// let result = try generator.generate(after: prompt, from: &state, until: criteria, seed: 1)
/// try state.write(to: "state.safetensors", models: [model])
/// ```
public struct GenerationState: Sendable, Equatable {
  /// The state of each network after the text before `pendingToken`.
  package var states: [RecurrentState]
  /// The last token, which no network has read yet.
  package var pendingToken: TokenID
  /// The last tokens of the text, including `pendingToken`: the ones that penalties use.
  package var recent: RecentTokens

  /// The maximum number of tokens that penalties can use.
  static let recentCapacity = 1_024

  /// The state at the beginning of a text.
  init(states: [RecurrentState]) {
    self.states = states
    pendingToken = Vocabulary.endOfText
    recent = RecentTokens(capacity: Self.recentCapacity)
  }

  /// Continues after tokens, at least one, of which the networks have read all except the last.
  package mutating func advance(over tokens: [TokenID], states: [RecurrentState]) {
    self.states = states
    pendingToken = tokens.last!
    recent.append(contentsOf: tokens.suffix(recent.capacity))
  }
}
