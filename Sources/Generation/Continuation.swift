import Kernels
import Tokenization

/// One text on its way: the tokens chosen so far, and what they say.
struct Continuation {
  private let length: Int
  private var stream: RandomStream
  private var decoder: TextDecoder
  private var text = ""
  private var tokenCount = 0
  private var nats = 0.0
  /// The token chosen last.
  private(set) var token = Vocabulary.endOfText
  /// What that token added to the text.
  private(set) var news = ""

  init(length: Int, seed: UInt64, tokenizer: Tokenizer) {
    self.length = length
    stream = RandomStream(seed: seed)
    decoder = TextDecoder(tokenizer)
  }

  var isComplete: Bool { decoder.characterCount >= length }

  /// Chooses the next token by the model's logits, unless the text is complete.
  mutating func append(
    by logits: UnsafeBufferPointer<Float>, sampler: inout Sampler, kernels: KernelSet
  ) {
    news = ""
    guard !isComplete else { return }
    token = sampler.next(logits, using: &stream)
    nats += negativeLogProbability(logits, kernels)
    tokenCount += 1
    news = decoder.append(token)
    let excess = decoder.characterCount - length
    if excess > 0 { news.unicodeScalars.removeLast(excess) }
    text += news
  }

  /// -log p(token) under the model's own distribution.
  private func negativeLogProbability(
    _ logits: UnsafeBufferPointer<Float>, _ kernels: KernelSet
  ) -> Double {
    var target = token
    var nats = 0.0
    let row = MatrixView(
      start: UnsafeMutablePointer(mutating: logits.baseAddress!), rowCount: 1,
      columnCount: logits.count)
    kernels.crossEntropy(row, targets: &target, nats: &nats)
    return nats
  }

  var result: GenerationResult {
    let mean = nats / Double(tokenCount)
    return GenerationResult(
      text: text, tokens: tokenCount, natsPerToken: mean.isFinite ? mean : nil,
      finishReason: .length)
  }
}
