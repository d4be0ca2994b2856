import Foundation
import Generation
import Tokenization

/// The distribution that a sampler draws from, written down as plainly as can be.
struct ReferenceDistribution {
  /// For each token; 0 for those that cannot be.
  let probabilities: [Double]
  /// The one that temperature 0 chooses.
  let mostLikely: Int

  init(_ logits: [Float], _ settings: SamplerSettings, forbidden: Set<TokenID> = []) {
    let logits = logits.map { $0.isNaN ? -Double.infinity : Double($0) }
    let ranked = logits.indices.filter { !forbidden.contains(TokenID($0)) }.sorted {
      logits[$0] == logits[$1] ? $0 < $1 : logits[$0] > logits[$1]
    }
    mostLikely = ranked[0]
    let top = logits[mostLikely]
    var weights = Array(repeating: 0.0, count: logits.count)
    for token in ranked.prefix(settings.topK ?? .max) {
      if settings.temperature == 0 {
        weights[token] = token == mostLikely ? 1 : 0
      } else if top.isInfinite {
        weights[token] = logits[token] == top ? 1 : 0
      } else {
        weights[token] = exp((logits[token] - top) / settings.temperature)
      }
    }
    let sum = weights.reduce(0, +)
    probabilities = weights.map { $0 / sum }
  }

  /// Pearson's statistic of how often each token was drawn, and what it exceeds once in a million
  /// times.
  func chiSquare(_ counts: [Int]) -> (statistic: Double, limit: Double) {
    let total = Double(counts.reduce(0, +))
    var statistic = 0.0
    var cells = 0
    // Rare tokens share a cell, or the statistic would not be distributed as it ought to be.
    var rare = (expected: 0.0, found: 0.0)
    for (probability, count) in zip(probabilities, counts) {
      if probability * total < 10 {
        rare.expected += probability * total
        rare.found += Double(count)
      } else {
        statistic += square(Double(count) - probability * total) / (probability * total)
        cells += 1
      }
    }
    if rare.expected > 0 {
      statistic += square(rare.found - rare.expected) / rare.expected
      cells += 1
    }
    // Wilson & Hilferty 1931.
    let freedom = Double(cells - 1)
    guard freedom > 0 else { return (statistic, 1e-9) }
    let z = 4.75
    let root = 1 - 2 / (9 * freedom) + z * (2 / (9 * freedom)).squareRoot()
    return (statistic, freedom * root * root * root)
  }

  private func square(_ x: Double) -> Double { x * x }
}
