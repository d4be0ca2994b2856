import Kernels
import RecurrentNetwork
import Tokenization

/// The most likely texts so far of a beam search.
struct Beams {
  /// The texts that go on, the most likely one first.
  private(set) var live: [Continuation]
  private var completed: [Continuation] = []
  private let count: Int
  private let forbidden: Set<TokenID>

  /// A text one token longer.
  private struct Extension {
    let source: Int
    let token: TokenID
    /// Of the token.
    let nats: Double
    /// Of the whole text.
    let totalNats: Double
  }

  init(_ beginning: Continuation, count: Int, forbidden: Set<TokenID>) {
    live = [beginning]
    self.count = count
    self.forbidden = forbidden
  }

  /// The most likely text of those that are complete, by the mean of its tokens.
  var best: Continuation {
    completed.min { $0.natsPerToken < $1.natsPerToken }!
  }

  /// Goes on with the most likely tokens.
  /// - Parameter logits: [rows x V], a row for each live text and any after them.
  /// - Returns: for each text that is live then, which it came from.
  mutating func extend(by logits: MatrixView) -> [Int] {
    var sources: [Int] = []
    let extensions = mostLikely(logits)
    let before = live
    live = []
    for next in extensions {
      var text = before[next.source]
      text.append(next.token, nats: next.nats)
      if text.isComplete {
        completed.append(text)
      } else {
        live.append(text)
        sources.append(next.source)
      }
    }
    return sources
  }

  /// The `count` most likely extensions of all live texts, the most likely one first; of equal ones those of
  /// earlier texts and lower ids.
  private func mostLikely(_ logits: MatrixView) -> [Extension] {
    var best: [Extension] = []
    for (source, text) in live.enumerated() {
      let row = UnsafeBufferPointer(start: logits.row(source), count: logits.columnCount)
      let normalizer = logSumExp(row)
      let leaving = tokenThatLeaves(text, row)
      for token in row.indices {
        let nats = normalizer - Double(row[token])
        let totalNats = text.nats + (nats.isNaN ? .infinity : nats)
        if best.count == count, totalNats >= best.last!.totalNats { continue }
        let id = TokenID(token)
        if forbidden.contains(id) || id == text.excluded { continue }
        if !text.allows(id), id != leaving { continue }
        let place = best.firstIndex { totalNats < $0.totalNats } ?? best.count
        best.insert(
          Extension(source: source, token: id, nats: nats, totalNats: totalNats), at: place)
        if best.count > count { best.removeLast() }
      }
    }
    return best
  }

  /// The most likely token that ends a text because its pattern does not allow it: all of them leave the same text.
  private func tokenThatLeaves(
    _ text: Continuation, _ logits: UnsafeBufferPointer<Float>
  ) -> TokenID? {
    guard text.mayLeavePattern else { return nil }
    let tokens = logits.indices.lazy.map { TokenID($0) }.filter {
      !text.allows($0) && !forbidden.contains($0)
    }
    return tokens.max { SortableLogit.of(logits[Int($0)]) < SortableLogit.of(logits[Int($1)]) }
  }
}
