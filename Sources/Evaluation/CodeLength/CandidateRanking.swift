import Glibc
import Kernels
import RecurrentNetwork
import Tokenization

/// The most likely tokens at successive positions of a text, found in the logits.
struct CandidateRanking {
  /// The number of candidates kept for each position.
  let count: Int
  /// The candidates of each position appended so far.
  private(set) var candidates: [[Candidate]] = []

  init(count: Int) {
    self.count = count
  }

  mutating func removeAll() {
    candidates.removeAll(keepingCapacity: true)
  }

  /// Ranks the tokens at further positions, the rows of `logits`, [positions x V].
  mutating func append(_ logits: MatrixView) {
    guard count > 0 else { return }
    for row in 0..<logits.rowCount {
      candidates.append(
        rank(UnsafeBufferPointer(start: logits.row(row), count: logits.columnCount)))
    }
  }

  /// Ranks the tokens of one position; of equally likely ones the lower id comes first.
  private func rank(_ logits: UnsafeBufferPointer<Float>) -> [Candidate] {
    var best: [Int] = []
    best.reserveCapacity(count + 1)
    for token in 0..<logits.count {
      if best.count == count, logits[token] <= logits[best[count - 1]] { continue }
      let rank = best.firstIndex { logits[$0] < logits[token] } ?? best.count
      best.insert(token, at: rank)
      if best.count > count { best.removeLast() }
    }
    let normalizer = logSumExp(logits)
    return best.map {
      Candidate(token: TokenID($0), probability: exp(Double(logits[$0]) - normalizer))
    }
  }
}
