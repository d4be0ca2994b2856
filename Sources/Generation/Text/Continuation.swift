import Kernels
import Patterns
import Tokenization

/// A text being generated: the tokens chosen so far, and their text.
package struct Continuation {
  private let criteria: StoppingCriteria
  private var stream = RandomStream(seed: 0)
  private var history: SamplerHistory
  private var decoder: TextDecoder
  private var matcher: StopMatcher
  /// The text as a match of its pattern, if it has one.
  private(set) var match: PatternMatch?
  private var clusters = GraphemeBuffer()
  private var text = ""
  /// The last scalars of the text, with those that are held back.
  private var tail: [Unicode.Scalar] = []
  /// Whether the text without the last token is a match of the pattern.
  private var isMatch = true
  package private(set) var finishReason: GenerationResult.FinishReason?
  /// Whether a token that the pattern does not allow ended the text; it is not part of the text.
  package private(set) var hasLeftPattern = false
  /// The number of chosen tokens.
  package private(set) var tokenCount = 0
  /// The sum of -log p of the chosen tokens.
  package private(set) var nats = 0.0
  /// The last chosen token, except one that left the pattern.
  package private(set) var token = Vocabulary.endOfText
  /// The text that this token added, in complete grapheme clusters.
  package private(set) var newText = ""

  /// - Parameters:
  ///   - criteria: compiled, the stops normalized as the model's text is.
  ///   - history: of the text before.
  init(
    until criteria: StoppingCriteria, tokenizer: Tokenizer, history: SamplerHistory
  ) {
    self.criteria = criteria
    match = criteria.emptyMatch
    self.history = history
    decoder = TextDecoder(tokenizer)
    matcher = StopMatcher(criteria.stops)
    if match?.isExhausted == true {
      finishReason = .stop
    } else if criteria.length == 0 {
      finishReason = .length
    } else if match?.mustEnd == true {
      finishReason = .stop
    }
  }

  /// This text with the random numbers of `seed`.
  func seeded(_ seed: UInt64) -> Continuation {
    var continuation = self
    continuation.stream = RandomStream(seed: seed)
    return continuation
  }

  package var isComplete: Bool { finishReason != nil }
  /// Whether a token that is not part of the text may end it.
  var mayLeavePattern: Bool { !isComplete && match?.mayEnd == true }
  /// Whether the pattern allows `token` in the text.
  func allows(_ token: TokenID) -> Bool { match?.allows(token) ?? true }
  /// The token that must not come next, because the text may not end yet.
  var excluded: TokenID? {
    criteria.stopsAtEndOfText && decoder.characterCount < criteria.minimumLength
      ? Vocabulary.endOfText : nil
  }

  /// The text that was added since the last call.
  mutating func takeNewText() -> String {
    defer { newText = "" }
    return newText
  }

  /// Chooses the next token by the model's logits.
  /// - Precondition: the text is not complete.
  mutating func append(
    by logits: UnsafeBufferPointer<Float>, sampler: inout Sampler, kernels: KernelSet
  ) {
    newText = ""
    let token = sampler.next(
      logits, history: &history, excluding: excluded, within: match, using: &stream)
    append(token, nats: Self.negativeLogProbability(of: token, logits, kernels))
  }

  /// Appends `token`, or ends the text before it if the pattern does not allow it.
  mutating func append(_ token: TokenID, nats: Double) {
    self.nats += nats
    tokenCount += 1
    guard allows(token) else {
      hasLeftPattern = true
      newText = ""
      return finish(.stop)
    }
    match?.append(token)
    self.token = token
    if token == Vocabulary.endOfText, criteria.stopsAtEndOfText {
      newText = clusters.append(matcher.append(decoder.finish()))
      return finish(.stop)
    }
    let mayStop = decoder.characterCount >= criteria.minimumLength
    let countBefore = decoder.characterCount
    var piece = decoder.append(token)
    if let boundary = criteria.finish, let next = piece.unicodeScalars.first,
      countBefore >= criteria.length, isMatch,
      boundary.isBetween(tail, next)
    {
      newText = ""
      return finish(.length)
    }
    isMatch = match?.isMatch ?? true
    if criteria.finish != nil {
      tail = (tail + piece.unicodeScalars).suffix(TextBoundary.contextLength)
    }
    let excess = decoder.characterCount - criteria.greatestLength
    if excess > 0 { piece.unicodeScalars.removeLast(excess) }
    newText = clusters.append(mayStop ? beforeStop(piece) : piece)
    if matcher.hasMatched || match?.isExhausted == true {
      finish(.stop)
    } else if excess >= 0 {
      finish(.length)
    } else if match?.mustEnd == true {
      finish(.stop)
    } else if tokenCount >= criteria.mostTokens {
      finish(.length)
    } else {
      text += newText
    }
  }

  /// The part of the text that certainly does not belong to a stop text that ends it.
  private mutating func beforeStop(_ piece: String) -> String {
    guard let match, !criteria.stops.isEmpty else { return matcher.append(piece) }
    var held = clusters
    let before = text + held.finish()
    return matcher.append(piece) { match.isMatch(before + $0) }
  }

  private mutating func finish(_ reason: GenerationResult.FinishReason) {
    newText += clusters.append(matcher.finish())
    newText += clusters.finish()
    text += newText
    finishReason = reason
  }

  /// -log p(token) under the model's own distribution.
  package static func negativeLogProbability(
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

  /// The mean -log p of the chosen tokens; infinity instead of NaN.
  var natsPerToken: Double {
    let mean = nats / Double(tokenCount)
    return mean.isNaN ? .infinity : mean
  }

  /// The result; before the end, text that is held back is left out.
  package var result: GenerationResult {
    GenerationResult(
      text: text, tokens: tokenCount, natsPerToken: natsPerToken.isFinite ? natsPerToken : nil,
      finishReason: finishReason ?? .length)
  }
}
