import Kernels
import Tokenization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Chooses tokens by a model's logits.
///
/// ```swift
/// let settings = SamplerSettings(temperature: 0.8, topK: 40)
/// var sampler = try Sampler(settings, vocabularySize: logits.count)
/// var stream = RandomStream(seed: 1)
/// let token = sampler.next(logits, using: &stream)
/// ```
///
/// With l the logits of the K allowed tokens that `topK` leaves and t the temperature, in `Double`,
///
/// ```
/// w_i = exp((l_i - max l) / t)        p_i = w_i / sum w
/// ```
///
/// and the token is the first one with w_0 + ... + w_i > u sum w, u being uniform. The greatest
/// weight is 1 and no logit is divided before the maximum is subtracted, so no temperature
/// overflows. Top-k leaves exactly k tokens; of equal logits those of lower ids are preferred, and
/// so they are at temperature 0, where the most likely token is chosen and no random number is
/// drawn.
///
/// No logits make it fail: one that is not a number counts as -infinity; where +infinity is among
/// them, only tokens with it are possible, and equally so; where all are -infinity, all are equally
/// possible.
///
/// It owns its working memory; nothing is allocated for a token, and the time is linear in V.
public struct Sampler: ~Copyable {
  public let settings: SamplerSettings
  private let vocabularySize: Int
  private let forbidden: [TokenID]
  private let allowedCount: Int
  /// The logits as numbers in the same order, see `RankKey`.
  private let keys: AlignedBuffer<UInt32>
  private let weights: AlignedBuffer<Double>
  private let histogram: AlignedBuffer<Int>

  /// A sampler of tokens `0 ..< vocabularySize` but for the forbidden ones.
  /// - Throws: `GenerationError.temperatureOutOfRange` or `.topKTooSmall`.
  /// - Precondition: a token is left that is not forbidden.
  public init(
    _ settings: SamplerSettings, vocabularySize: Int, forbidden: Set<TokenID> = []
  ) throws(GenerationError) {
    try settings.validate()
    self.settings = settings
    self.vocabularySize = vocabularySize
    let forbidden = forbidden.filter { Int($0) < vocabularySize }
    let allowedCount = vocabularySize - forbidden.count
    self.forbidden = Array(forbidden)
    self.allowedCount = allowedCount
    precondition(allowedCount > 0, "a token must be allowed")
    precondition(vocabularySize - 1 <= Int(TokenID.max), "a token must be a TokenID")
    keys = AlignedBuffer(repeating: 0, count: vocabularySize)
    weights = AlignedBuffer(repeating: 0, count: vocabularySize)
    histogram = AlignedBuffer(repeating: 0, count: RankKey.digitCount)
  }

  /// Chooses a token.
  /// - Precondition: there are `vocabularySize` logits.
  public mutating func next(_ logits: [Float], using stream: inout RandomStream) -> TokenID {
    logits.withUnsafeBufferPointer { next($0, using: &stream) }
  }

  /// The same from logits in someone else's memory.
  public mutating func next(
    _ logits: UnsafeBufferPointer<Float>, using stream: inout RandomStream
  ) -> TokenID {
    precondition(logits.count == vocabularySize, "there must be a logit for each token")
    let top = rank(logits)
    if settings.temperature == 0 { return first(of: top) }
    let total = weigh(top: RankKey.logit(top))
    return choose(below: stream.nextUniform() * total)
  }

  /// Fills `keys` and returns the greatest one.
  private func rank(_ logits: UnsafeBufferPointer<Float>) -> UInt32 {
    for token in 0..<vocabularySize { keys.start[token] = RankKey.of(logits[token]) }
    for token in forbidden { keys.start[Int(token)] = RankKey.none }
    var top = RankKey.none
    for token in 0..<vocabularySize { top = max(top, keys.start[token]) }
    return top
  }

  private func first(of key: UInt32) -> TokenID {
    var token = 0
    while keys.start[token] != key { token += 1 }
    return TokenID(token)
  }

  /// Fills `weights` and returns their sum.
  private func weigh(top: Double) -> Double {
    let (least, leastCount) = threshold()
    var roomAtLeast = leastCount
    var total = 0.0
    for token in 0..<vocabularySize {
      let key = keys.start[token]
      var weight = 0.0
      if key > least || (key == least && roomAtLeast > 0) {
        if key == least { roomAtLeast -= 1 }
        let logit = RankKey.logit(key)
        // Equal infinities have no difference.
        weight = logit == top ? 1 : exp((logit - top) / settings.temperature)
      }
      weights.start[token] = weight
      total += weight
    }
    return total
  }

  /// The k-th greatest key, and how many of those that equal it are among the k greatest: found
  /// digit by digit, the most significant one first.
  private func threshold() -> (key: UInt32, count: Int) {
    guard let topK = settings.topK, topK < allowedCount else {
      return (RankKey.none + 1, vocabularySize)
    }
    var remaining = topK
    var prefix: UInt32 = 0
    for shift in RankKey.shifts {
      for digit in 0..<RankKey.digitCount { histogram.start[digit] = 0 }
      for token in 0..<vocabularySize {
        let key = keys.start[token]
        if RankKey.prefix(key, above: shift) == RankKey.prefix(prefix, above: shift) {
          histogram.start[RankKey.digit(key, at: shift)] += 1
        }
      }
      var digit = RankKey.digitCount - 1
      while histogram.start[digit] < remaining {
        remaining -= histogram.start[digit]
        digit -= 1
      }
      prefix |= UInt32(digit) << shift
    }
    return (prefix, remaining)
  }

  /// The first token at which the running sum of the weights exceeds `target`.
  ///
  /// There is one: u is at most 1 - 2^-53, so u times the sum is less than the sum, which was added
  /// up in the same order.
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
