import RecurrentNetwork
import Tokenization

/// Where models stand in a text that they have read: a small value that can be copied, stored and returned to.
///
/// ```swift
/// var context = generator.initialState
/// try generator.read(.file("novel.txt"), into: &context)
/// let result = try generator.generate(after: prompt, from: &context, until: criteria, seed: 1)
/// try context.write(to: "context.safetensors", models: [model])
/// ```
public struct GenerationState: Sendable, Equatable {
  /// The state of each network after the text before `pendingToken`.
  package var states: [RecurrentState]
  /// The last token, which no network has read yet.
  package var pendingToken: TokenID
  /// The last tokens of the text, including `pendingToken`: what penalties look at.
  package var recent: RecentTokens

  /// How far penalties can look back into it.
  static let recentCapacity = 1_024

  /// The beginning of a text.
  init(states: [RecurrentState]) {
    self.states = states
    pendingToken = Vocabulary.endOfText
    recent = RecentTokens(capacity: Self.recentCapacity)
  }

  /// Continues after tokens, at least one, of which the networks have read all except the last.
  mutating func advance(over tokens: [TokenID], states: [RecurrentState]) {
    self.states = states
    pendingToken = tokens.last!
    recent.append(contentsOf: tokens.suffix(recent.capacity))
  }
}
