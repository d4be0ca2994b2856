import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// Continues prompts, one token after another.
///
/// ```swift
/// import Generation
/// import Kernels
/// import ModelFiles
///
/// let processor = Processor(threadCount: 1)
/// let model = try TextModel(path: "model.safetensors", processor: processor)
/// var generator = TextGenerator(model, processor: processor)
/// let prompt = try Prompt("Once upon a time", tokenizer: model.tokenizer)
/// let result = try generator.generate(
///   after: prompt, length: 200, settings: SamplerSettings(temperature: 0.8), seed: 1
/// ) { print($0, terminator: "") }
/// ```
///
/// The model reads `Vocabulary.endOfText` in a zero state, then the prompt, then each chosen token.
/// The unknown token is never chosen, the end-of-text token only if it may end the text; see
/// `StoppingCriteria`, also for patterns. The same seed gives the same text for any number of
/// threads, alone or in a batch. Several models of one tokenizer predict together, by the mean of
/// their probabilities.
///
/// A character is a grapheme cluster if that is the model's unit, else a Unicode scalar. Only
/// complete characters are emitted: bytes are held back until they form a scalar, and scalars until
/// they form a grapheme cluster. Bytes that are not UTF-8 become U+FFFD, which counts as a
/// character, so a text reaches its length after at most four tokens per character. A byte that
/// ends a broken character can complete one more; if that exceeds the length, it is dropped.
public struct TextGenerator: ~Copyable {
  let tokenizer: Tokenizer
  let processor: Processor
  var ensemble: Ensemble

  /// Tokens that are never part of a text.
  private static let forbidden: Set<TokenID> = [Vocabulary.unknown, Vocabulary.endOfText]

  /// A generator that computes on `processor`.
  /// - Precondition: the model was read or made for the same instruction set.
  public init(_ model: TextModel, processor: Processor) {
    tokenizer = model.tokenizer
    self.processor = processor
    ensemble = Ensemble([model.weights], processor: processor)
  }

  /// A generator of one or more models that computes on `processor`.
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

  /// The state after a paragraph break, from which a text begins as paragraphs do: after a blank
  /// line if the model expects one, else after a line end, else at the beginning of a text.
  ///
  /// A model meets the beginning of a text once in each pass over it, too rarely to learn what
  /// follows, and a line end there says little. So the break follows a text that the model writes
  /// first, which nobody sees and no penalty counts. If its texts hold several documents, the break
  /// is the end of one of them.
  /// - Throws: `GenerationError.emptyVocabulary`.
  public mutating func paragraphState() throws -> GenerationState {
    if tokenizer.configuration.documents.splitsTexts { return try documentState() }
    let lineEnd = tokenizer.vocabulary.id(of: "\n")
    guard lineEnd != Vocabulary.unknown else { return initialState }
    var state = initialState
    var criteria = StoppingCriteria(length: Self.unseenLength)
    criteria.finish = .sentence  // the last one of a paragraph, perhaps
    _ = try generate(
      after: Prompt("", tokenizer: tokenizer), from: &state, until: criteria,
      settings: SamplerSettings(temperature: Self.unseenTemperature), seed: 0)
    var copy = state
    let probability = TokenCandidates(
      logits(after: [lineEnd], state: &copy), temperature: 1
    ).probabilities[Int(lineEnd)]
    let hasBlankLines = probability >= Self.leastBlankLineShare
    read(hasBlankLines ? [lineEnd, lineEnd] : [lineEnd], into: &state)
    state.recent = initialState.recent
    return state
  }

  /// The state at the beginning of a document, after others: in training, the zero state precedes
  /// hardly any.
  private mutating func documentState() throws -> GenerationState {
    var state = initialState
    let criteria = StoppingCriteria(length: 5 * Self.unseenLength, stopsAtEndOfText: true)
    var (length, seed) = (0, UInt64(0))
    while length < Self.unseenLength {
      let document = try generate(
        after: Prompt("", tokenizer: tokenizer), from: &state, until: criteria,
        settings: SamplerSettings(temperature: Self.unseenTemperature), seed: seed)
      length += document.characters + 1
      seed += 1
    }
    if state.pendingToken != Vocabulary.endOfText { read([Vocabulary.endOfText], into: &state) }
    state.recent = initialState.recent
    return state
  }

  /// Enough characters for the model to be in the middle of something.
  private static let unseenLength = 100
  private static let unseenTemperature = 0.8
  /// The probability of a second line end from which a text has blank lines.
  private static let leastBlankLineShare = 0.05

  /// Generates `length` characters after `prompt`, at the beginning of a text.
  /// - Parameters:
  ///   - prompt: The text to continue, tokenized by the model's tokenizer.
  ///   - length: Characters to generate.
  ///   - settings: How tokens are chosen.
  ///   - seed: The seed of the random numbers.
  ///   - emit: Receives new text; an error that it throws ends the generation.
  /// - Throws: `GenerationSettingsError`, `GenerationError.emptyVocabulary`, or what `emit` throws.
  /// - Precondition: the prompt's tokens are of the model's vocabulary.
  public mutating func generate(
    after prompt: Prompt, length: Int, settings: SamplerSettings = SamplerSettings(), seed: UInt64,
    emit: (String) throws -> Void = { _ in }
  ) throws -> GenerationResult {
    var state = initialState
    return try generate(
      after: prompt, from: &state, until: StoppingCriteria(length: length), settings: settings,
      seed: seed, emit: emit)
  }

  /// Generates a text after `state` and `prompt`, and advances `state` over all chosen tokens,
  /// including a stop text and the end-of-text token, except a token that leaves a pattern.
  /// - Parameters:
  ///   - prompt: The text to continue, tokenized by the model's tokenizer.
  ///   - state: The state to continue from; receives the one after the text.
  ///   - criteria: When the text ends; stop texts are normalized as the model's text is.
  ///   - settings: How tokens are chosen.
  ///   - seed: The seed of the random numbers.
  ///   - emit: Receives new text; an error that it throws ends the generation.
  public mutating func generate(
    after prompt: Prompt, from state: inout GenerationState, until criteria: StoppingCriteria,
    settings: SamplerSettings = SamplerSettings(), seed: UInt64,
    emit: (String) throws -> Void = { _ in }
  ) throws -> GenerationResult {
    try run(
      after: prompt, state: &state, count: 1, until: criteria, settings: settings, seed: seed
    ) { _, text in try emit(text) }[0]
  }

  /// Generates `count` texts after `state` and `prompt` side by side, with the seeds `seed`,
  /// `seed` + 1 and so on.
  ///
  /// Each text is the same as it would be alone with its seed. Together they take less time than
  /// one after another, since the weights are read once for all.
  /// - Parameters:
  ///   - prompt: The text to continue, tokenized by the model's tokenizer.
  ///   - state: The state to continue from; nil for the beginning of a text.
  ///   - count: The number of texts.
  ///   - criteria: When a text ends.
  ///   - settings: How tokens are chosen.
  ///   - seed: The seed of the first text.
  ///   - emit: Receives the index of a text, from 0, and its new text.
  /// - Precondition: `count` is at least 1.
  public mutating func generate(
    after prompt: Prompt, from state: GenerationState? = nil, count: Int,
    until criteria: StoppingCriteria, settings: SamplerSettings = SamplerSettings(), seed: UInt64,
    emit: (_ text: Int, _ newText: String) throws -> Void = { _, _ in }
  ) throws -> [GenerationResult] {
    var state = state ?? initialState
    return try run(
      after: prompt, state: &state, count: count, until: criteria, settings: settings,
      seed: seed, emit: emit)
  }

  /// Advances `state` over the first text, if it is the only one; `state` is invalid after an
  /// error.
  private mutating func run(
    after prompt: Prompt, state: inout GenerationState, count: Int,
    until criteria: StoppingCriteria,
    settings: SamplerSettings, seed: UInt64,
    emit: (_ text: Int, _ newText: String) throws -> Void
  ) throws -> [GenerationResult] {
    let texts = try texts(
      seeds: (0..<count).map { seed &+ UInt64($0) }, after: state.recent.tokens + prompt.tokens,
      until: criteria, settings: settings)
    var results: [GenerationResult] { texts.map(\.continuation.result) }
    if texts[0].continuation.isComplete {
      read(prompt.tokens, into: &state)
      return results
    }
    let start = state
    let logits = self.logits(after: prompt.tokens, state: &state)
    var batch = TextBatch(ensemble.weights, processor: processor)
    batch.join(texts, after: state.states, logits: logits)
    var chosen: [TokenID] = []
    var statesBefore: [RecurrentState] = []
    while true {
      if !texts[0].continuation.hasLeftPattern { chosen.append(texts[0].continuation.token) }
      for (index, text) in texts.enumerated() {
        let newText = text.takeNewText()
        if !newText.isEmpty { try emit(index, newText) }
      }
      if texts.allSatisfy(\.continuation.isComplete) { break }
      if count == 1 {
        if texts[0].continuation.mayLeavePattern { statesBefore = batch.states(of: 0) }
      } else {
        batch.leave { $0.continuation.isComplete }
      }
      batch.step()
    }
    guard count == 1 else { return results }
    // If a token left the pattern, the networks have read one token more than the saved states.
    let states = texts[0].continuation.hasLeftPattern ? statesBefore : batch.states(of: 0)
    if chosen.isEmpty {
      state = start
      read(prompt.tokens, into: &state)
    } else {
      state.advance(over: chosen, states: states)
    }
    return results
  }

  // MARK: Reading

  /// Reads a text of any length and advances `state` over it.
  /// - Returns: the number of its characters that the model does not know.
  /// - Throws: `TokenizationError.invalidUTF8` or `StorageError`.
  public mutating func read(
    _ source: TextSource, invalidUTF8: InvalidUTF8Policy = .error,
    into state: inout GenerationState
  ) throws -> Int {
    var encoder = TokenEncoder(tokenizer)
    try encoder.encode(source, invalidUTF8: invalidUTF8) { tokens in
      read(tokens, into: &state)
      return true
    }
    return encoder.unknownCount
  }

  /// Reads tokens and advances `state` over them.
  package mutating func read(_ tokens: [TokenID], into state: inout GenerationState) {
    guard let last = tokens.last else { return }
    var logits: [Float] = []
    ensemble.read(
      [state.pendingToken] + tokens.dropLast(), states: &state.states, logits: &logits)
    state.pendingToken = last
    state.recent.append(contentsOf: tokens.suffix(state.recent.capacity))
  }

  /// The logits of the first token to choose, after the networks have read `tokens`.
  package mutating func logits(after tokens: [TokenID], state: inout GenerationState) -> [Float] {
    var logits: [Float] = []
    ensemble.read([state.pendingToken] + tokens, states: &state.states, logits: &logits)
    state.recent.append(contentsOf: tokens.suffix(state.recent.capacity))
    return logits
  }

  // MARK: Allowed tokens

  func forbidden(_ criteria: StoppingCriteria) -> Set<TokenID> {
    let mayEnd = criteria.stopsAtEndOfText || criteria.pattern != nil
    return mayEnd || tokenizer.configuration.documents.splitsTexts
      ? [Vocabulary.unknown] : Self.forbidden
  }

  /// Texts without any chosen token, one for each seed.
  /// - Parameters:
  ///   - history: the tokens before, which penalties count.
  ///   - candidateCount: the number of candidates in the scores of the texts; nil for no scores.
  /// - Throws: `GenerationSettingsError`, or `GenerationError.emptyVocabulary`.
  package func texts(
    seeds: [UInt64], after history: [TokenID], until criteria: StoppingCriteria,
    settings: SamplerSettings, candidateCount: Int? = nil
  ) throws -> [BatchedText] {
    var before = SamplerHistory(settings)
    before.append(contentsOf: history)
    let beginning = try continuation(until: criteria, settings: settings, history: before)
    return try seeds.map {
      BatchedText(
        beginning.seeded($0), sampler: try sampler(settings, criteria),
        candidateCount: candidateCount)
    }
  }

  /// The sampler of a text.
  /// - Throws: `GenerationSettingsError`.
  func sampler(
    _ settings: SamplerSettings, _ criteria: StoppingCriteria
  ) throws(GenerationSettingsError) -> Sampler {
    try Sampler(
      settings, vocabularySize: tokenizer.vocabularySize, forbidden: forbidden(criteria))
  }

  /// A text without any chosen token.
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
