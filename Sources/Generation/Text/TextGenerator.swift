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
/// end the text; `StoppingCriteria` says where, and what texts do that are to match a pattern. The
/// same seed gives the same text for any number of threads, alone or among others.
/// Several models of one tokenizer choose together, by the mean of their probabilities.
///
/// Where the unit is the grapheme cluster a character is a cluster, else a Unicode scalar. Only
/// whole ones are given out: bytes are held back until they make one, and scalars until they make
/// a grapheme cluster. Bytes that are not UTF-8 become U+FFFD, which counts, so a text has its
/// length after at most four tokens a character; a character beyond it, which the byte that ends a
/// broken one can make, is dropped.
public struct TextGenerator: ~Copyable {
  let tokenizer: Tokenizer
  let processor: Processor
  var ensemble: Ensemble

  /// Tokens that no text consists of.
  private static let forbidden: Set<TokenID> = [Vocabulary.unknown, Vocabulary.endOfText]

  /// A generator that computes on `processor`.
  /// - Precondition: the model was read or made for the same instruction set.
  public init(_ model: TextModel, processor: Processor) {
    tokenizer = model.tokenizer
    self.processor = processor
    ensemble = Ensemble([model.weights], processor: processor)
  }

  /// A generator of several models, at least one, that computes on `processor`.
  /// - Throws: `TextModelError.tokenizersDiffer`.
  /// - Precondition: the models were read or made for the same instruction set.
  public init(_ models: [TextModel], processor: Processor) throws(TextModelError) {
    tokenizer = try TextModel.sharedTokenizer(of: models)
    self.processor = processor
    ensemble = Ensemble(models.map(\.weights), processor: processor)
  }

  // MARK: Texts

  /// The state at the beginning of a text.
  public var initialState: GenerationState { GenerationState(states: ensemble.initialStates) }

  /// Generates `length` characters behind `prompt`, at the beginning of a text.
  /// - Parameters:
  ///   - prompt: What the text goes on from, made with the model's tokenizer.
  ///   - length: Characters to generate.
  ///   - settings: How tokens are chosen.
  ///   - seed: Decides the random numbers.
  ///   - emit: Is given the text as it grows; what it throws ends the generation.
  /// - Throws: `GenerationSettingsError`, `GenerationError.emptyVocabulary`, or what `emit` throws.
  /// - Precondition: the prompt's tokens are of the model's vocabulary.
  public mutating func generate(
    after prompt: Prompt, length: Int, settings: SamplerSettings = SamplerSettings(), seed: UInt64,
    emit: (String) throws -> Void = { _ in }
  ) throws -> GenerationResult {
    var context = initialState
    return try generate(
      after: prompt, from: &context, until: StoppingCriteria(length: length), settings: settings,
      seed: seed, emit: emit)
  }

  /// Generates a text behind `context` and `prompt`; `context` moves behind all that was chosen, a text to stop
  /// at and the end-of-text token among it, but not the token that leaves a pattern.
  /// - Parameter criteria: When a text ends; the texts to stop at are normalized as the model's text is.
  public mutating func generate(
    after prompt: Prompt, from context: inout GenerationState, until criteria: StoppingCriteria,
    settings: SamplerSettings = SamplerSettings(), seed: UInt64,
    emit: (String) throws -> Void = { _ in }
  ) throws -> GenerationResult {
    try run(
      after: prompt, context: &context, count: 1, until: criteria, settings: settings, seed: seed
    ) { _, text in try emit(text) }[0]
  }

  /// Generates `count` texts behind `context` and `prompt` side by side, with the seeds `seed`, `seed` + 1 and
  /// so on.
  ///
  /// Each is what it would be alone with its seed, and they take less time than one after the other, since
  /// the weights are read once for all.
  /// - Parameters:
  ///   - context: The beginning of a text, where nil.
  ///   - emit: Is given the number of a text, from 0, and what it grows by.
  /// - Precondition: `count` is at least 1.
  public mutating func generate(
    after prompt: Prompt, from context: GenerationState? = nil, count: Int,
    until criteria: StoppingCriteria, settings: SamplerSettings = SamplerSettings(), seed: UInt64,
    emit: (_ text: Int, _ newText: String) throws -> Void = { _, _ in }
  ) throws -> [GenerationResult] {
    var context = context ?? initialState
    return try run(
      after: prompt, context: &context, count: count, until: criteria, settings: settings,
      seed: seed, emit: emit)
  }

  /// `context` moves behind the first text, if it is the only one, and is of no use after an error.
  private mutating func run(
    after prompt: Prompt, context: inout GenerationState, count: Int,
    until criteria: StoppingCriteria,
    settings: SamplerSettings, seed: UInt64,
    emit: (_ text: Int, _ newText: String) throws -> Void
  ) throws -> [GenerationResult] {
    var history = SamplerHistory(settings)
    history.append(contentsOf: context.recent.tokens + prompt.tokens)
    let beginning = try continuation(until: criteria, settings: settings, history: history)
    var texts = try ContinuationBatch(
      (0..<count).map { beginning.seeded(seed &+ UInt64($0)) }, settings,
      vocabularySize: tokenizer.vocabularySize, forbidden: Self.forbidden(criteria),
      processor: processor)
    if texts.isComplete {
      read(prompt.tokens, into: &context)
      return texts.results
    }
    let start = context
    var logits = self.logits(after: prompt.tokens, context: &context)
    logits.withUnsafeMutableBufferPointer { logits in
      // The same row for all texts.
      texts.next(
        MatrixView(
          start: logits.baseAddress!, rowCount: count, columnCount: logits.count, stride: 0))
    }
    ensemble.begin(count, from: context.states)
    var chosen: [TokenID] = []
    var statesBefore: [RecurrentState] = []
    while true {
      let tokens = texts.tokens
      if !texts.hasLeftPattern { chosen.append(tokens[0]) }
      try texts.emit(emit)
      if texts.isComplete { break }
      if texts.mayLeavePattern { statesBefore = ensemble.states(of: 0) }
      texts.next(ensemble.step(tokens))
    }
    // The networks have read the last token only to find that no other one is part of the text.
    let states = texts.hasLeftPattern ? statesBefore : ensemble.states(of: 0)
    if chosen.isEmpty {
      context = start
      read(prompt.tokens, into: &context)
    } else {
      context.advance(over: chosen, states: states)
    }
    return texts.results
  }

  // MARK: Reading

  /// Reads a text to go on from, of any length, into `context`.
  /// - Returns: how many of its characters the model does not know.
  /// - Throws: `TokenizationError.invalidUTF8` or `StorageError`.
  public mutating func read(
    _ source: TextSource, invalidUTF8: InvalidUTF8Policy = .error,
    into context: inout GenerationState
  ) throws -> Int {
    var encoder = TokenEncoder(tokenizer)
    try encoder.encode(source, invalidUTF8: invalidUTF8) { tokens in
      read(tokens, into: &context)
      return true
    }
    return encoder.unknownCount
  }

  private mutating func read(_ tokens: [TokenID], into context: inout GenerationState) {
    guard let last = tokens.last else { return }
    var logits: [Float] = []
    ensemble.read(
      [context.pendingToken] + tokens.dropLast(), states: &context.states, logits: &logits)
    context.pendingToken = last
    context.recent.append(contentsOf: tokens.suffix(context.recent.capacity))
  }

  /// The logits of the first token to choose; the networks have read all of the context and `tokens` then.
  mutating func logits(after tokens: [TokenID], context: inout GenerationState) -> [Float] {
    var logits: [Float] = []
    ensemble.read([context.pendingToken] + tokens, states: &context.states, logits: &logits)
    context.recent.append(contentsOf: tokens.suffix(context.recent.capacity))
    return logits
  }

  // MARK: What may be chosen

  static func forbidden(_ criteria: StoppingCriteria) -> Set<TokenID> {
    criteria.stopsAtEndOfText || criteria.pattern != nil ? [Vocabulary.unknown] : forbidden
  }

  /// A text of which nothing is chosen.
  /// - Throws: `GenerationSettingsError`, or `GenerationError.emptyVocabulary`.
  func continuation(
    until criteria: StoppingCriteria, settings: SamplerSettings, history: SamplerHistory
  ) throws -> Continuation {
    try settings.validate()
    let characters = Self.forbidden.count..<tokenizer.vocabularySize
    guard !characters.isEmpty else { throw GenerationError.emptyVocabulary }
    guard !characters.allSatisfy({ settings.banned.contains(TokenID($0)) }) else {
      throw GenerationSettingsError.everythingBanned
    }
    var criteria = try criteria.compiled(for: tokenizer, banned: settings.banned)
    criteria.stops = criteria.stops.map { tokenizer.normalize($0) }
    return Continuation(until: criteria, tokenizer: tokenizer, history: history)
  }
}
