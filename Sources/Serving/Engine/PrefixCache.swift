import Generation
import Tokenization

/// The states after texts that were read or written before, so that a prompt which continues one of
/// them is not read again.
struct PrefixCache {
  private struct Entry {
    let beginning: GenerationRequest.Beginning
    let tokens: [TokenID]
    let state: GenerationState
    var lastUse: Int
  }

  private var entries: [Entry] = []
  private var useCount = 0

  private static let mostEntries = 64
  /// Longer texts are not kept.
  private static let mostTokens = 1 << 20

  /// The state after the longest known beginning of a prompt, and the number of its tokens.
  mutating func state(
    before prompt: [TokenID], _ beginning: GenerationRequest.Beginning
  ) -> (state: GenerationState, count: Int)? {
    let fitting = entries.indices.filter {
      entries[$0].beginning == beginning && prompt.starts(with: entries[$0].tokens)
    }
    guard let best = fitting.max(by: { entries[$0].tokens.count < entries[$1].tokens.count })
    else { return nil }
    useCount += 1
    entries[best].lastUse = useCount
    return (entries[best].state, entries[best].tokens.count)
  }

  /// Keeps the state after a text; the one that was not used for the longest time is dropped.
  mutating func insert(
    _ state: GenerationState, after tokens: [TokenID], _ beginning: GenerationRequest.Beginning
  ) {
    guard 1...Self.mostTokens ~= tokens.count else { return }
    useCount += 1
    entries.removeAll { $0.beginning == beginning && $0.tokens == tokens }
    if entries.count == Self.mostEntries,
      let oldest = entries.indices.min(by: { entries[$0].lastUse < entries[$1].lastUse })
    {
      entries.remove(at: oldest)
    }
    entries.append(
      Entry(beginning: beginning, tokens: tokens, state: state, lastUse: useCount))
  }
}
