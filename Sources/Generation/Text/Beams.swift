import Kernels
import RecurrentNetwork
import Tokenization

/// The most likely texts so far of a beam search.
struct Beams {
  /// The texts that continue, the most likely one first.
  private(set) var live: [Continuation]
  private var completed: [Continuation] = []
  private let count: Int
  private let forbidden: Set<TokenID>

  /// A text one token longer.
  private struct Extension {
    let source: Int
    let token: TokenID
    /// -log p of the token.
    let nats: Double
    /// -log p of the text so far.
    let totalNats: Double
  }

  init(_ beginning: Continuation, count: Int, forbidden: Set<TokenID>) {
    live = [beginning]
    self.count = count
    self.forbidden = forbidden
  }

  /// The most likely complete text, by its mean -log p per token.
  var best: Continuation {
    completed.min { $0.natsPerToken < $1.natsPerToken }!
  }

  /// Extends the texts by the most likely tokens.
  /// - Parameter logits: [rows x V], a row for each live text and any after them.
  /// - Returns: for each text now live, the index of the text that it extends.
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

  /// The `count` most likely extensions of all live texts, the most likely one first; among equal
  /// ones, those of earlier texts and lower ids come first.
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
        let rank = best.firstIndex { totalNats < $0.totalNats } ?? best.count
        best.insert(
          Extension(source: source, token: id, nats: nats, totalNats: totalNats), at: rank)
        if best.count > count { best.removeLast() }
      }
    }
    return best
  }

  /// The most likely token that ends a text because its pattern does not allow it. All such tokens
  /// end it with the same text, so one is enough.
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
