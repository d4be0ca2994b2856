import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// Continues prompts, one token after the other.
///
/// ```swift
/// let processor = Processor(threadCount: 1)
/// let model = try TextModel(path: "model.safetensors", processor: processor)
/// var generator = TextGenerator(model, processor: processor)
/// let prompt = try Prompt("Once upon a time", tokenizer: model.tokenizer)
/// let result = try generator.generate(
///   after: prompt, length: 200, settings: SamplerSettings(temperature: 0.8), seed: 1
/// ) { print($0, terminator: "") }
/// ```
///
/// The model reads `Vocabulary.endOfText` in a zero state, then the prompt, then each token that is
/// chosen. The unknown and the end-of-text token are never chosen. The same seed gives the same
/// text for any number of threads.
public struct TextGenerator: ~Copyable {
  private let tokenizer: Tokenizer
  private let processor: Processor
  private var predictor: Predictor
  private var logits: [Float] = []

  /// Tokens that no text consists of.
  private static let forbidden: Set<TokenID> = [Vocabulary.unknown, Vocabulary.endOfText]

  /// A generator that computes on `processor`.
  /// - Precondition: the model was read or made for the same instruction set.
  public init(_ model: TextModel, processor: Processor) {
    tokenizer = model.tokenizer
    self.processor = processor
    predictor = Predictor(weights: model.weights, processor: processor)
  }

  /// Generates `length` characters behind `prompt`.
  ///
  /// Where the unit is the grapheme cluster a character is a cluster, else a Unicode scalar. Only
  /// whole ones are given out: bytes are held back until they make one. Bytes that are not UTF-8
  /// become U+FFFD, which counts, so the text has its length after at most four tokens a character;
  /// a character beyond it, which the byte that ends a broken one can make, is dropped.
  /// - Parameters:
  ///   - prompt: What the text goes on from, made with the model's tokenizer.
  ///   - length: Characters to generate.
  ///   - settings: How tokens are chosen.
  ///   - seed: Decides the random numbers.
  ///   - emit: Is given the text as it grows; what it throws ends the generation.
  /// - Throws: `GenerationError`, or what `emit` throws.
  /// - Precondition: the prompt's tokens are of the model's vocabulary.
  public mutating func generate(
    after prompt: Prompt, length: Int, settings: SamplerSettings = SamplerSettings(), seed: UInt64,
    emit: (String) throws -> Void = { _ in }
  ) throws -> GenerationResult {
    try settings.validate()
    guard length >= 0 else { throw GenerationError.lengthTooSmall(length: length) }
    guard tokenizer.vocabularySize > Self.forbidden.count else {
      throw GenerationError.emptyVocabulary
    }
    var sampler = try Sampler(
      settings, vocabularySize: tokenizer.vocabularySize, forbidden: Self.forbidden)
    var stream = RandomStream(seed: seed)
    var decoder = TextDecoder(tokenizer)
    var state = RecurrentState(predictor.weights.configuration)
    var unread = [Vocabulary.endOfText] + prompt.tokens
    var text = ""
    var tokens = 0
    var nats = 0.0
    while decoder.characterCount < length {
      predictor.advance(unread, state: &state, logits: &logits)
      let token = sampler.next(logits, using: &stream)
      nats += negativeLogProbability(of: token)
      tokens += 1
      var new = decoder.append(token)
      let excess = decoder.characterCount - length
      if excess > 0 { new.unicodeScalars.removeLast(excess) }
      if !new.isEmpty {
        text += new
        try emit(new)
      }
      if unread.count > 1 { unread.removeLast(unread.count - 1) }
      unread[0] = token
    }
    let mean = nats / Double(tokens)
    return GenerationResult(
      text: text, tokens: tokens, natsPerToken: mean.isFinite ? mean : nil, finishReason: .length)
  }

  /// -log p(token) under the model's own distribution.
  private mutating func negativeLogProbability(of token: TokenID) -> Double {
    var token = token
    var nats = 0.0
    logits.withUnsafeMutableBufferPointer { logits in
      let row = MatrixView(
        start: logits.baseAddress!, rowCount: 1, columnCount: logits.count)
      processor.kernels.crossEntropy(row, targets: &token, nats: &nats)
    }
    return nats
  }
}
