import Foundation
import Generation
import Tokenization

/// The distribution that a sampler draws from, written down as plainly as can be, in `Double` and by sorting.
struct ReferenceDistribution {
  /// For each token; 0 for those that cannot be.
  private(set) var probabilities: [Double]
  /// The one that temperature 0 chooses.
  let mostLikely: Int
  /// What a sampler's logits become before tokens are dropped.
  private(set) var logits: [Double]
  /// How close the choice of what to drop came to another one, as a part of the sum: 0 is a tie.
  private(set) var margin = Double.infinity

  /// - Parameters:
  ///   - recent: the tokens that penalties look at.
  ///   - mirostatBound: where the settings have mirostat.
  init(
    _ given: [Float], _ settings: SamplerSettings, forbidden: Set<TokenID> = [],
    recent: [TokenID] = [], mirostatBound: Double? = nil
  ) {
    let forbidden = forbidden.union(settings.banned)
    logits = Self.adjusted(given, settings, recent)
    let logits = logits
    let ranked = logits.indices.filter { !forbidden.contains(TokenID($0)) }.sorted {
      logits[$0] == logits[$1] ? $0 < $1 : logits[$0] > logits[$1]
    }
    mostLikely = ranked[0]
    let top = logits[mostLikely]
    var weights = Array(repeating: 0.0, count: logits.count)
    for token in ranked.prefix(settings.topK ?? .max) {
      if settings.temperature == 0 {
        weights[token] = token == mostLikely ? 1 : 0
      } else {
        weights[token] =
          logits[token] == top ? 1 : exp((logits[token] - top) / settings.temperature)
      }
    }
    probabilities = weights
    normalize()
    if settings.temperature > 0 { drop(ranked, settings, mirostatBound) }
  }

  private static func adjusted(
    _ given: [Float], _ settings: SamplerSettings, _ recent: [TokenID]
  ) -> [Double] {
    given.indices.map { token in
      var logit = given[token]
      if let bias = settings.logitBias[TokenID(token)] { logit += Float(bias) }
      let count = recent.count { $0 == token }
      let penalties = settings.penalties
      if count > 0, penalties != RepetitionPenalties() {
        var value = Double(logit)
        value = value > 0 ? value / penalties.repetition : value * penalties.repetition
        logit = Float(value - (penalties.presence + penalties.frequency * Double(count)))
      }
      return logit.isNaN ? -.infinity : Double(logit)
    }
  }

  private mutating func drop(
    _ ranked: [Int], _ settings: SamplerSettings, _ mirostatBound: Double?
  ) {
    if let mass = settings.topP, mass < 1 { keepFewest(ranked, mass: mass) }
    if let fraction = settings.minP {
      let limit = fraction * probabilities.max()!
      keep { $0 >= limit }
      margin = min(margin, probabilities.map { abs($0 - limit) }.min()!)
    }
    if let mass = settings.typicalP, mass < 1 {
      let entropy = probabilities.filter { $0 > 0 }.reduce(0) { $0 - $1 * log($1) }
      let deviations = probabilities.map { Float(abs(-log($0) - entropy)) }
      let order = ranked.filter { probabilities[$0] > 0 }.sorted {
        deviations[$0] == deviations[$1] ? $0 < $1 : deviations[$0] < deviations[$1]
      }
      for (a, b) in zip(order, order.dropFirst()) where probabilities[a] != probabilities[b] {
        margin = min(margin, Double(abs(deviations[a] - deviations[b])))
      }
      keepFewest(order, mass: mass)
    }
    if let bound = mirostatBound {
      let probabilities = probabilities
      margin = min(margin, probabilities.map { abs($0 - exp2(-bound)) }.min()!)
      keep { $0 >= exp2(-bound) }
      if self.probabilities.allSatisfy({ !($0 > 0) }) {
        self.probabilities = probabilities.indices.map { $0 == mostLikely ? 1 : 0 }
      }
    }
  }

  /// The first tokens of `order` until their probabilities add up to `mass`.
  private mutating func keepFewest(_ order: [Int], mass: Double) {
    var sum = 0.0
    var kept = Array(repeating: 0.0, count: probabilities.count)
    for token in order {
      margin = min(margin, abs(sum - mass))
      if sum >= mass, sum > 0 { break }
      sum += probabilities[token]
      kept[token] = probabilities[token]
    }
    probabilities = kept
    normalize()
  }

  private mutating func keep(_ isKept: (Double) -> Bool) {
    probabilities = probabilities.map { isKept($0) ? $0 : 0 }
    if probabilities.contains(where: { $0 > 0 }) { normalize() }
  }

  private mutating func normalize() {
    let sum = probabilities.reduce(0, +)
    probabilities = probabilities.map { $0 / sum }
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
