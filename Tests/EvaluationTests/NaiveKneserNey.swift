import Evaluation
import Tokenization

/// Interpolated modified Kneser-Ney written down from the equations, over dictionaries: slow.
struct NaiveKneserNey {
  let order: Int
  let alphabetSize: Int
  /// By order from 1: the counts that the model of order `order` uses.
  private var counts: [[[TokenID]: Int]]

  /// - Parameter texts: without `Vocabulary.endOfText`.
  init(_ texts: [[TokenID]], order: Int, alphabetSize: Int) {
    self.order = order
    self.alphabetSize = alphabetSize
    counts = []
    for length in 1...order {
      var seen: [[TokenID]: Int] = [:]
      var before: [[TokenID]: Set<TokenID>] = [:]
      for text in texts.map({ [Vocabulary.endOfText] + $0 }) {
        for end in text.indices.dropFirst() where end - length + 1 >= 0 {
          let start = end - length + 1
          let gram = Array(text[start...end])
          if length == order || start == 0 {
            seen[gram, default: 0] += 1
          } else {
            before[gram, default: []].insert(text[start - 1])
          }
        }
      }
      for (gram, tokens) in before { seen[gram, default: 0] += tokens.count }
      counts.append(seen)
    }
  }

  /// Of `token` behind all that came before it.
  func probability(of token: TokenID, after history: [TokenID]) -> Double {
    (1...order).reduce(1 / Double(alphabetSize)) { lower, length in
      guard history.count >= length - 1 else { return lower }
      let context = Array(history.suffix(length - 1))
      let table = counts[length - 1]
      let after = table.filter { $0.key.dropLast() == context[...] }
      let total = after.values.reduce(0, +)
      guard total > 0 else { return lower }
      let discounts = discounts(table)
      func discount(_ count: Int) -> Double { count == 0 ? 0 : discounts[min(count, 3) - 1] }
      let own = table[context + [token]] ?? 0
      let taken = after.values.reduce(0) { $0 + discount($1) }
      return (Double(own) - discount(own) + taken * lower) / Double(total)
    }
  }

  private func discounts(_ table: [[TokenID]: Int]) -> [Double] {
    let n = (1...4).map { count in Double(table.values.count { $0 == count }) }
    guard n[0] > 0, n[1] > 0 else { return [0.5, 0.5, 0.5] }
    let y = n[0] / (n[0] + 2 * n[1])
    guard n[2] > 0, n[3] > 0 else { return [y, y, y] }
    let values = [1 - 2 * y * n[1] / n[0], 2 - 3 * y * n[2] / n[1], 3 - 4 * y * n[3] / n[2]]
    let isUsable = zip(values, [1.0, 2, 3]).allSatisfy { $0 > 0 && $0 <= $1 }
    return isUsable ? values : [y, y, y]
  }
}
