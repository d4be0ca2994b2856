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
/// chosen. The unknown token is never chosen, and that of the end of a text only where it may
/// end the text. The same seed gives the same
/// text for any number of threads, alone or among others.
public struct TextGenerator: ~Copyable {
  private let tokenizer: Tokenizer
  private let processor: Processor
  private var predictor: Predictor

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
  /// whole ones are given out: bytes are held back until they make one, and scalars until they make
  /// a grapheme cluster. Bytes that are not UTF-8 become U+FFFD, which counts, so the text has its
  /// length after at most four tokens a character; a character beyond it, which the byte that ends a
  /// broken one can make, is dropped.
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
    try generate(
      after: prompt, count: 1, until: StoppingCriteria(length: length), settings: settings,
      seed: seed
    ) { _, text in try emit(text) }[0]
  }

  /// Generates `count` texts behind `prompt` side by side, with the seeds `seed`, `seed` + 1 and so on.
  ///
  /// Each is what it would be alone with its seed, and they take less time than one after the other, since
  /// the weights are read once for all.
  /// - Parameters:
  ///   - criteria: When a text ends; the texts to stop at are normalised as the model's text is.
  ///   - emit: Is given the number of a text, from 0, and what it grows by.
  /// - Precondition: `count` is at least 1.
  public mutating func generate(
    after prompt: Prompt, count: Int, until criteria: StoppingCriteria,
    settings: SamplerSettings = SamplerSettings(), seed: UInt64,
    emit: (_ text: Int, _ news: String) throws -> Void = { _, _ in }
  ) throws -> [GenerationResult] {
    var choice = try choice(
      after: prompt, count: count, until: criteria, settings: settings, seed: seed)
    var state = RecurrentState(predictor.weights.configuration)
    var logits: [Float] = []
    predictor.advance([Vocabulary.endOfText] + prompt.tokens, state: &state, logits: &logits)
    logits.withUnsafeMutableBufferPointer { logits in
      // The same row for all texts.
      choice.next(
        MatrixView(
          start: logits.baseAddress!, rowCount: count, columnCount: logits.count, stride: 0))
    }
    try choice.emit(emit)
    var batch = BatchPredictor(
      weights: predictor.weights, state: state, batchSize: count, processor: processor)
    while !choice.isComplete {
      choice.next(batch.advance(choice.tokens))
      try choice.emit(emit)
    }
    return choice.results
  }

  private func choice(
    after prompt: Prompt, count: Int, until criteria: StoppingCriteria, settings: SamplerSettings,
    seed: UInt64
  ) throws(GenerationError) -> Choice {
    try settings.validate()
    try criteria.validate()
    guard tokenizer.vocabularySize > Self.forbidden.count else { throw .emptyVocabulary }
    let characters = Self.forbidden.count..<tokenizer.vocabularySize
    guard !characters.allSatisfy({ settings.banned.contains(TokenID($0)) }) else {
      throw .everythingBanned
    }
    var criteria = criteria
    criteria.stops = criteria.stops.map { tokenizer.normalize($0) }
    var history = SamplerHistory(settings)
    history.append(contentsOf: prompt.tokens)
    let continuations = (0..<count).map {
      Continuation(
        until: criteria, seed: seed &+ UInt64($0), tokenizer: tokenizer, history: history)
    }
    return try Choice(
      continuations, settings, vocabularySize: tokenizer.vocabularySize,
      forbidden: criteria.stopsAtEndOfText ? [Vocabulary.unknown] : Self.forbidden,
      processor: processor)
  }
}
