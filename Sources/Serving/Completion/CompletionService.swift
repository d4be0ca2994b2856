import Generation
import Glibc
import Tokenization

/// Serves completion requests: finds the model, reads the prompts, and begins to generate.
package struct CompletionService: Sendable {
  private let store: ModelStore
  private let engine: InferenceEngine
  package let limits: CompletionLimits

  package init(store: ModelStore, engine: InferenceEngine, limits: CompletionLimits) {
    self.store = store
    self.engine = engine
    self.limits = limits
  }

  /// Begins the texts of a request.
  /// - Throws: `ServingError`, or the errors of reading a model.
  package func begin(_ request: CompletionRequest) async throws -> RunningCompletion {
    let model = try await store.model(request.model)
    let prompts = try request.prompts.map { try prompt($0, model) }
    let seed = request.seed ?? UInt64.random(in: 0..<1_000_000)
    let settings = try Self.settings(request, model)
    let criteria = try Self.criteria(request, settings, model)
    let seeds = (0..<request.textCount).map { seed &+ UInt64($0) }
    let requests = prompts.map { prompt in
      GenerationRequest(
        beginning: Self.beginning(prompt.tokens, request, model), prompt: prompt.tokens,
        criteria: criteria, settings: settings, seeds: seeds,
        candidateCount: request.logprobs,
        scoresPrompt: request.echo && request.logprobs != nil)
    }
    return RunningCompletion(
      request: request, model: model, prompts: prompts, seeds: seeds,
      events: try engine.generate(requests, with: model), pause: pause)
  }

  /// The more texts grow, the longer the parts of each: writing them must not take the time of the
  /// texts. A person does not notice a tenth of a second.
  private func pause() -> Duration {
    .milliseconds(min(Self.mostPause, Self.leastPause + engine.load.texts))
  }

  private static let leastPause = 15
  private static let mostPause = 80

  /// Without any text, a text begins after a paragraph break, as in `charlm generate`. Where texts
  /// hold several documents, a prompt begins one. Scores are those of `charlm evaluate`.
  private static func beginning(
    _ prompt: [TokenID], _ request: CompletionRequest, _ model: ServedModel
  ) -> GenerationRequest.Beginning {
    if request.echo && request.logprobs != nil { return .text }
    let splitsTexts = model.tokenizer.configuration.documents.splitsTexts
    return prompt.isEmpty || splitsTexts && prompt.first != Vocabulary.endOfText
      ? .paragraph : .text
  }

  private func prompt(
    _ prompt: CompletionRequest.Prompt, _ model: ServedModel
  ) throws -> RunningCompletion.Prompt {
    switch prompt {
    case .text(let text):
      let (tokens, read) = try model.tokens(of: text == ServedModel.endOfTextName ? "" : text)
      try checkLength(tokens.count)
      return RunningCompletion.Prompt(
        tokens: tokens, text: model.text(of: tokens), notes: read.notes(on: "the prompt"))
    case .tokens(let numbers):
      try checkLength(numbers.count)
      let tokens = try model.checked(numbers, parameter: "prompt")
      return RunningCompletion.Prompt(tokens: tokens, text: model.text(of: tokens), notes: [])
    }
  }

  private func checkLength(_ count: Int) throws {
    guard count <= limits.promptTokens else {
      throw ServingError.invalid(
        parameter: "prompt",
        reason: "The prompt has \(count) tokens: give at most \(limits.promptTokens).")
    }
  }

  // MARK: Settings

  private static func settings(
    _ request: CompletionRequest, _ model: ServedModel
  ) throws -> SamplerSettings {
    let size = model.tokenizer.vocabularySize
    if let token = request.logitBias.keys.first(where: { Int($0) >= size }) {
      throw ServingError.invalid(
        parameter: "logit_bias",
        reason: "'logit_bias' has the token \(token), and the last token is \(size - 1).")
    }
    let narrows = request.mirostat == nil
    let settings = SamplerSettings(
      temperature: request.temperature, topK: narrows ? request.topK : nil,
      topP: narrows && request.topP < 1 ? request.topP : nil, minP: narrows ? request.minP : nil,
      typicalP: narrows ? request.typicalP : nil, mirostat: request.mirostat,
      penalties: request.repeatLastN == 0
        ? RepetitionPenalties()
        : RepetitionPenalties(
          repetition: request.repeatPenalty, presence: request.presencePenalty,
          frequency: request.frequencyPenalty),
      penaltyWindow: max(1, request.repeatLastN), logitBias: request.logitBias)
    do {
      try settings.validate()
    } catch {
      throw ServingError.invalid(parameter: nil, reason: error.description)
    }
    return settings
  }

  private static func criteria(
    _ request: CompletionRequest, _ settings: SamplerSettings, _ model: ServedModel
  ) throws -> StoppingCriteria {
    let splitsTexts = model.tokenizer.configuration.documents.splitsTexts
    var criteria = StoppingCriteria(
      length: request.maxTokens, minimumLength: min(request.minTokens, request.maxTokens),
      stops: request.stops, stopsAtEndOfText: !request.ignoresEnd && splitsTexts,
      pattern: request.pattern)
    criteria.finish = request.finish
    if request.finish == nil { criteria.mostTokens = request.maxTokens }
    do {
      return try criteria.compiled(for: model.tokenizer, banned: settings.banned)
    } catch {
      throw ServingError.invalid(
        parameter: request.pattern == nil ? nil : "pattern", reason: error.description)
    }
  }
}

extension ServedModel {
  /// Numbers as tokens of the vocabulary.
  /// - Throws: `ServingError.invalid`.
  package func checked(_ numbers: [Int], parameter: String) throws -> [TokenID] {
    let size = tokenizer.vocabularySize
    if let wrong = numbers.first(where: { !(0..<size ~= $0) }) {
      throw ServingError.invalid(
        parameter: parameter,
        reason: "'\(parameter)' has the token \(wrong): give tokens from 0 to \(size - 1).")
    }
    return numbers.map { TokenID($0) }
  }
}
