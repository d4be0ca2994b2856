import Kernels
import Tokenization

/// One text on its way: the tokens chosen so far, and what they say.
struct Continuation {
  private let criteria: StoppingCriteria
  private var stream = RandomStream(seed: 0)
  private var history: SamplerHistory
  private var decoder: TextDecoder
  private var matcher: StopMatcher
  private var clusters = GraphemeBuffer()
  private var text = ""
  private var finishReason: GenerationResult.FinishReason?
  /// How many tokens were chosen.
  private(set) var tokenCount = 0
  /// The sum of -log p of the chosen tokens.
  private(set) var nats = 0.0
  /// The token chosen last.
  private(set) var token = Vocabulary.endOfText
  /// What that token added to the text, in whole grapheme clusters.
  private(set) var news = ""

  /// - Parameters:
  ///   - criteria: the stops normalised as the model's text is.
  ///   - history: of the text before.
  init(
    until criteria: StoppingCriteria, tokenizer: Tokenizer, history: SamplerHistory
  ) {
    self.criteria = criteria
    self.history = history
    decoder = TextDecoder(tokenizer)
    matcher = StopMatcher(criteria.stops)
    if criteria.length == 0 { finishReason = .length }
  }

  /// The same with the random numbers of `seed`.
  func seeded(_ seed: UInt64) -> Continuation {
    var continuation = self
    continuation.stream = RandomStream(seed: seed)
    return continuation
  }

  var isComplete: Bool { finishReason != nil }
  /// The token that must not come next, because the text may not end yet.
  var excluded: TokenID? {
    criteria.stopsAtEndOfText && decoder.characterCount < criteria.minimumLength
      ? Vocabulary.endOfText : nil
  }

  /// Chooses the next token by the model's logits, unless the text is complete.
  mutating func append(
    by logits: UnsafeBufferPointer<Float>, sampler: inout Sampler, kernels: KernelSet
  ) {
    news = ""
    guard !isComplete else { return }
    let token = sampler.next(logits, history: &history, excluding: excluded, using: &stream)
    append(token, nats: Self.negativeLogProbability(of: token, logits, kernels))
  }

  /// Goes on with `token`.
  mutating func append(_ token: TokenID, nats: Double) {
    self.token = token
    self.nats += nats
    tokenCount += 1
    if token == Vocabulary.endOfText {
      news = clusters.append(matcher.append(decoder.finish()))
      return finish(.stop)
    }
    let mayStop = decoder.characterCount >= criteria.minimumLength
    var piece = decoder.append(token)
    let excess = decoder.characterCount - criteria.length
    if excess > 0 { piece.unicodeScalars.removeLast(excess) }
    news = clusters.append(mayStop ? matcher.append(piece) : piece)
    if matcher.hasMatched {
      finish(.stop)
    } else if excess >= 0 {
      finish(.length)
    } else {
      text += news
    }
  }

  private mutating func finish(_ reason: GenerationResult.FinishReason) {
    news += clusters.append(matcher.finish())
    news += clusters.finish()
    text += news
    finishReason = reason
  }

  /// -log p(token) under the model's own distribution.
  static func negativeLogProbability(
    of token: TokenID, _ logits: UnsafeBufferPointer<Float>, _ kernels: KernelSet
  ) -> Double {
    var target = token
    var nats = 0.0
    let row = MatrixView(
      start: UnsafeMutablePointer(mutating: logits.baseAddress!), rowCount: 1,
      columnCount: logits.count)
    kernels.crossEntropy(row, targets: &target, nats: &nats)
    return nats
  }

  /// Infinity where it is not a number.
  var natsPerToken: Double {
    let mean = nats / Double(tokenCount)
    return mean.isNaN ? .infinity : mean
  }

  /// What has come of it; before the end with what is held back left out.
  var result: GenerationResult {
    GenerationResult(
      text: text, tokens: tokenCount, natsPerToken: natsPerToken.isFinite ? natsPerToken : nil,
      finishReason: finishReason ?? .length)
  }
}
