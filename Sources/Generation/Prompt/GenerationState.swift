import RecurrentNetwork
import Tokenization

/// Where models stand in a text that they have read: a small value that can be copied, stored and returned to.
///
/// ```swift
/// var context = generator.beginning
/// try generator.read(.file("novel.txt"), into: &context)
/// let result = try generator.generate(after: prompt, from: &context, until: criteria, seed: 1)
/// try context.write(to: "context.safetensors", models: [model])
/// ```
public struct GenerationState: Sendable, Equatable {
  /// What each network remembers of the text before `unread`.
  package var states: [RecurrentState]
  /// The last token, which no network has read.
  package var unread: TokenID
  /// The last tokens of the text, `unread` among them: what penalties look at.
  package var recent: RecentTokens

  /// How far penalties can look back into it.
  static let recentCapacity = 1_024

  /// The beginning of a text.
  init(states: [RecurrentState]) {
    self.states = states
    unread = Vocabulary.endOfText
    recent = RecentTokens(capacity: Self.recentCapacity)
  }

  /// Goes on behind tokens, at least one, of which the networks have read all but the last one.
  mutating func move(behind tokens: [TokenID], states: [RecurrentState]) {
    self.states = states
    unread = tokens.last!
    recent.append(contentsOf: tokens.suffix(recent.capacity))
  }
}
