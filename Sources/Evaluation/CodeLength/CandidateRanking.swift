import Glibc
import Kernels
import RecurrentNetwork
import Tokenization

/// The likeliest tokens in successive places of a text, found in the logits.
struct CandidateRanking {
  /// How many are kept for a place.
  let count: Int
  /// For each place of `append` so far.
  private(set) var candidates: [[Candidate]] = []

  init(count: Int) {
    self.count = count
  }

  mutating func removeAll() {
    candidates.removeAll(keepingCapacity: true)
  }

  /// Ranks further places, the rows of `logits` [places x V].
  mutating func append(_ logits: MatrixView) {
    guard count > 0 else { return }
    for row in 0..<logits.rowCount {
      candidates.append(
        rank(UnsafeBufferPointer(start: logits.row(row), count: logits.columnCount)))
    }
  }

  /// Of equally likely tokens the lower one comes first.
  private func rank(_ logits: UnsafeBufferPointer<Float>) -> [Candidate] {
    var best: [Int] = []
    best.reserveCapacity(count + 1)
    for token in 0..<logits.count {
      if best.count == count, logits[token] <= logits[best[count - 1]] { continue }
      let place = best.firstIndex { logits[$0] < logits[token] } ?? best.count
      best.insert(token, at: place)
      if best.count > count { best.removeLast() }
    }
    let normalizer = logSumExp(logits)
    return best.map {
      Candidate(token: TokenID($0), probability: exp(Double(logits[$0]) - normalizer))
    }
  }
}
