import Glibc
import Kernels
import Tokenization

/// The possible next tokens with their weights, on which the steps of a sampler work.
///
/// ```swift
/// import Generation
///
/// var candidates = TokenCandidates(logits, temperature: 0.8)
/// candidates.keepTopP(0.9)
/// let token = candidates.draw(using: &stream)
/// print(candidates.probability(of: token))
/// ```
///
/// With l the logits of the remaining tokens and t the temperature, in `Double`,
///
/// ```
/// w_i = exp((l_i - max l) / t)        p_i = w_i / sum w
/// ```
///
/// The greatest weight is 1 and the maximum is subtracted before a logit is divided, so no
/// temperature overflows. Any logits are accepted: NaN counts as -infinity; if there is +infinity,
/// only tokens with it are possible, all equally; if all are -infinity, all are equally possible.
/// The most likely remaining token always has a weight, and no step drops it except `keepTypical`,
/// which keeps another one.
///
/// It owns its working memory; only the initializers allocate.
public struct TokenCandidates: ~Copyable {
  /// V
  public let vocabularySize: Int
  /// The logits as `SortableLogit` keys; `SortableLogit.none` for dropped tokens.
  private let keys: AlignedBuffer<UInt32>
  private let weights: AlignedBuffer<Double>
  /// The keys of a step that prefers tokens in another order than that of their logits.
  private let preferences: AlignedBuffer<UInt32>
  /// The greatest key.
  private var top = SortableLogit.none
  /// The sum of the weights, added up by ascending id.
  private(set) var total = 0.0
  /// The number of remaining tokens, even if their weights are 0.
  private(set) var count = 0

  /// Room for the logits of `vocabularySize` tokens.
  init(vocabularySize: Int) {
    precondition(vocabularySize >= 1, "there must be a token")
    precondition(vocabularySize - 1 <= Int(TokenID.max), "a token must be a TokenID")
    self.vocabularySize = vocabularySize
    keys = AlignedBuffer(repeating: 0, count: vocabularySize)
    weights = AlignedBuffer(repeating: 0, count: vocabularySize)
    preferences = AlignedBuffer(repeating: 0, count: vocabularySize)
  }

  /// All tokens, by their logits.
  /// - Precondition: there is a logit, and the temperature is above 0.
  public init(_ logits: [Float], temperature: Double = 1) {
    self.init(vocabularySize: logits.count)
    logits.withUnsafeBufferPointer { rank($0) }
    weigh(temperature: temperature)
  }

  /// The probability of each token, by id.
  public var probabilities: [Double] {
    (0..<vocabularySize).map { probability(of: TokenID($0)) }
  }

  /// The probability of `token`.
  public func probability(of token: TokenID) -> Double { weights.start[Int(token)] / total }

  /// The most likely remaining token, among several the one of lowest id.
  public var mostLikely: TokenID {
    var token = 0
    while keys.start[token] != top { token += 1 }
    return TokenID(token)
  }

  /// -sum p_i log p_i, in nats.
  var entropy: Double {
    var sum = 0.0
    for token in 0..<vocabularySize where weights.start[token] > 0 {
      let probability = weights.start[token] / total
      sum -= probability * log(probability)
    }
    return sum
  }

  /// Draws a token: the first one with w_0 + ... + w_i > u sum w, with u uniform.
  public func draw(using stream: inout RandomStream) -> TokenID {
    choose(below: stream.nextUniform() * total)
  }

  /// Such a token exists: u is at most 1 - 2^-53, so u times the sum is less than the sum, which
  /// was added up in the same order.
  private func choose(below target: Double) -> TokenID {
    var sum = 0.0
    var token = -1
    repeat {
      token += 1
      sum += weights.start[token]
    } while sum <= target && token < vocabularySize - 1
    assert(sum > target, "the weights must exceed every part of their sum")
    return TokenID(token)
  }
}

// MARK: From logits to weights

extension TokenCandidates {
  /// Begins with all tokens except the `forbidden` ones; `weigh` adds the weights.
  /// - Precondition: a token remains.
  mutating func rank(_ logits: UnsafeBufferPointer<Float>, forbidden: [TokenID] = []) {
    precondition(logits.count == vocabularySize, "there must be a logit for each token")
    for token in 0..<vocabularySize { keys.start[token] = SortableLogit.of(logits[token]) }
    count = vocabularySize
    for token in forbidden where keys.start[Int(token)] != SortableLogit.none {
      keys.start[Int(token)] = SortableLogit.none
      count -= 1
    }
    precondition(count > 0, "a token must be allowed")
    findTop()
  }

  /// Removes a token before weights are computed.
  /// - Precondition: another token remains.
  mutating func remove(_ token: TokenID) {
    guard keys.start[Int(token)] != SortableLogit.none else { return }
    keys.start[Int(token)] = SortableLogit.none
    count -= 1
    precondition(count > 0, "a token must be allowed")
    findTop()
  }

  /// Removes tokens before weights are computed.
  /// - Precondition: another token remains.
  @inline(__always)
  mutating func removeAll(where isRemoved: (Int) -> Bool) {
    for token in 0..<vocabularySize
    where keys.start[token] != SortableLogit.none && isRemoved(token) {
      keys.start[token] = SortableLogit.none
      count -= 1
    }
    precondition(count > 0, "a token must be allowed")
    findTop()
  }

  private mutating func findTop() {
    var greatest = SortableLogit.none
    for token in 0..<vocabularySize { greatest = max(greatest, keys.start[token]) }
    top = greatest
  }

  /// Computes the weight of each remaining token.
  mutating func weigh(temperature: Double) {
    let top = SortableLogit.logit(self.top)
    var sum = 0.0
    for token in 0..<vocabularySize {
      let key = keys.start[token]
      var weight = 0.0
      if key != SortableLogit.none {
        let logit = SortableLogit.logit(key)
        // The difference of equal infinities is NaN.
        weight = logit == top ? 1 : exp((logit - top) / temperature)
      }
      weights.start[token] = weight
      sum += weight
    }
    total = sum
  }
}

// MARK: Dropping tokens

extension TokenCandidates {
  /// Top-k: keeps the `count` most likely tokens, of equal logits those of lower ids (Fan, Lewis &
  /// Dauphin 2018, "Hierarchical neural story generation").
  public mutating func keepTopK(_ count: Int) {
    guard count < self.count else { return }
    keepFewest(by: keys.start, measuring: count) { _ in 1 }
  }

  /// Top-p, or nucleus sampling: keeps the fewest most likely tokens whose probabilities add up to
  /// at least `mass`, of equal ones those of lower ids (Holtzman et al. 2020, "The curious case of
  /// neural text degeneration").
  /// - Parameter mass: from 0, which keeps the most likely token, to 1, which keeps all.
  public mutating func keepTopP(_ mass: Double) {
    guard mass < 1 else { return }
    let weights = weights.start
    keepFewest(by: keys.start, measuring: target(mass: mass)) { weights[$0] }
  }

  /// Typical-p: keeps the locally typical tokens, the fewest whose probabilities add up to at least
  /// `mass`, those first whose surprisal is closest to the expected one (Meister et al. 2023,
  /// "Locally typical sampling").
  ///
  /// ```
  /// H = -sum p_i log p_i        d_i = | -log p_i - H |
  /// ```
  ///
  /// Of equal d those of lower ids come first; d is compared as `Float`. The most likely token may
  /// go.
  /// - Parameter mass: above 0; 1 keeps all tokens.
  public mutating func keepTypical(_ mass: Double) {
    guard mass < 1 else { return }
    let entropy = entropy
    let weights = weights.start
    for token in 0..<vocabularySize {
      preferences.start[token] =
        weights[token] > 0
        ? SortableLogit.of(Float(-abs(-log(weights[token] / total) - entropy))) : SortableLogit.none
    }
    keepFewest(by: preferences.start, measuring: target(mass: mass)) { weights[$0] }
  }

  /// Min-p: keeps the tokens with at least `fraction` of the greatest probability (Nguyen et al.
  /// 2024, "Turning up the heat: min-p sampling for creative and coherent LLM outputs").
  /// - Parameter fraction: from 0, which keeps all tokens, to 1, which keeps the most likely ones.
  public mutating func keepMinP(_ fraction: Double) {
    guard fraction > 0 else { return }
    keep(weightFrom: fraction * weights.start[Int(mostLikely)])
  }

  /// Keeps the tokens of at least this probability, or else only the most likely one.
  mutating func keep(probabilityFrom least: Double) {
    let limit = least * total
    if weights.start[Int(mostLikely)] < limit {
      keepTopK(1)
    } else {
      keep(weightFrom: limit)
    }
  }

  private mutating func keep(weightFrom limit: Double) {
    let weights = weights.start
    drop { weights[$0] < limit }
  }

  /// The part of the sum of weights to reach: above 0, however small the mass.
  ///
  /// Not the least positive number: threads of the team treat subnormal numbers as 0.
  private func target(mass: Double) -> Double { max(mass * total, .leastNormalMagnitude) }

  /// Keeps the tokens with the greatest keys, the fewest whose measures reach `target`; of equal
  /// keys those of lower ids.
  @inline(__always)
  private mutating func keepFewest<Measure: Comparable & SignedNumeric>(
    by keys: UnsafePointer<UInt32>, measuring target: Measure, _ measure: (Int) -> Measure
  ) {
    var (least, room) = SortableLogit.threshold(
      UnsafeBufferPointer(start: keys, count: vocabularySize), measuring: target, measure)
    drop { token in
      let key = keys[token]
      if key == least, room > 0 {
        room -= measure(token)
        return false
      }
      return key <= least
    }
  }

  /// Drops tokens, visiting each once, by ascending id.
  @inline(__always)
  private mutating func drop(where isDropped: (Int) -> Bool) {
    var sum = 0.0
    var left = 0
    var greatest = SortableLogit.none
    for token in 0..<vocabularySize {
      if isDropped(token) {
        keys.start[token] = SortableLogit.none
        weights.start[token] = 0
      }
      let key = keys.start[token]
      left += key == SortableLogit.none ? 0 : 1
      greatest = max(greatest, key)
      sum += weights.start[token]
    }
    (total, count, top) = (sum, left, greatest)
    precondition(left > 0, "a token must be left")
  }
}
