import Generation
import Glibc
import Tokenization

/// A completion whose texts grow: its answer as a whole, or in parts.
///
/// The choices of prompt p and text k have the index p n + k.
package struct RunningCompletion: Sendable {
  package struct Prompt: Sendable {
    let tokens: [TokenID]
    /// As the model reads it.
    let text: String
    /// What was read in place of unknown characters.
    let notes: [String]
  }

  package let model: ServedModel
  package let request: CompletionRequest
  private let prompts: [Prompt]
  private let seeds: [UInt64]
  private let events: GenerationEvents
  /// The time between parts, in which texts grow.
  private let pause: @Sendable () -> Duration
  private let id = "cmpl-" + String(UInt64.random(in: 1 << 60...UInt64.max), radix: 36)
  private let created = Int(time(nil))

  init(
    request: CompletionRequest, model: ServedModel, prompts: [Prompt], seeds: [UInt64],
    events: GenerationEvents, pause: @escaping @Sendable () -> Duration
  ) {
    self.request = request
    self.model = model
    self.prompts = prompts
    self.seeds = seeds
    self.events = events
    self.pause = pause
  }

  // MARK: The whole answer

  /// The answer, once all texts are complete.
  package func response() async throws -> CompletionResponse {
    var texts = prompts.indices.map { prompt in
      seeds.indices.map { WholeText(assembler(prompt, $0)) }
    }
    while let news = try await events.next() {
      for (prompt, event) in news { apply(event, of: prompt, to: &texts) }
    }
    return whole(texts)
  }

  private func apply(
    _ event: GenerationEvent, of prompt: Int, to texts: inout [[WholeText]]
  ) {
    switch event {
    case .promptRead(let scores):
      guard request.echo else { return }
      for text in texts[prompt].indices { texts[prompt][text].echo(prompts[prompt], scores) }
    case .text(let text, let newText, let scores):
      texts[prompt][text].append(newText, scores)
    case .ended(let text, let result):
      texts[prompt][text].end(result)
    }
  }

  private func whole(_ texts: [[WholeText]]) -> CompletionResponse {
    var response = part([])
    for (prompt, candidates) in texts.enumerated() {
      let best = candidates.sorted { $0.natsPerToken < $1.natsPerToken }
      let chosen = request.bestOf == nil ? candidates : Array(best.prefix(request.n))
      response.choices += chosen.enumerated().map { number, text in
        text.choice(index: prompt * request.n + number)
      }
    }
    response.usage = usage(texts.joined().reduce(0) { $0 + $1.tokenCount })
    return response
  }

  private struct WholeText {
    private var assembler: ChoiceAssembler
    private var parts: CompletionResponse.Choice?
    private(set) var natsPerToken = Double.infinity
    private(set) var tokenCount = 0

    init(_ assembler: ChoiceAssembler) { self.assembler = assembler }

    mutating func echo(_ prompt: Prompt, _ scores: [TokenScore]) {
      add(assembler.echo(prompt.text, tokens: prompt.tokens, scores: scores))
    }

    mutating func append(_ text: String, _ scores: [TokenScore]) {
      add(assembler.text(text, scores))
    }

    mutating func end(_ result: GenerationResult) {
      add(assembler.end(result.finishReason))
      natsPerToken = result.natsPerToken ?? .infinity
      tokenCount = result.tokens
    }

    private mutating func add(_ part: CompletionResponse.Choice) {
      if parts == nil { parts = part } else { parts!.append(part) }
    }

    func choice(index: Int) -> CompletionResponse.Choice {
      CompletionResponse.Choice(
        text: parts!.text, index: index, logprobs: parts!.logprobs,
        finishReason: parts!.finishReason, seed: parts!.seed)
    }
  }

  // MARK: Parts

  /// Calls `body` with each part of the answer; with usage, the last part has no choices.
  package func forEachPart(
    _ body: (CompletionResponse) async throws -> Void
  ) async throws {
    var parts = GrowingParts(
      assemblers: prompts.indices.map { prompt in seeds.indices.map { assembler(prompt, $0) } })
    var isFirst = true
    while let news = try await events.next() {
      for (prompt, event) in news { add(event, of: prompt, to: &parts) }
      guard !parts.choices.isEmpty else { continue }
      var part = part(parts.take())
      if !isFirst { part.charlm = nil }
      part.showsUsage = request.includesUsage
      try await body(part)
      // The first character comes at once, the others not each in a part of its own.
      if !isFirst { try await Task.sleep(for: pause()) }
      isFirst = false
    }
    guard request.includesUsage else { return }
    var last = part([])
    last.charlm = nil
    last.usage = usage(parts.tokenCount)
    try await body(last)
  }

  /// The choices of the next part.
  private struct GrowingParts {
    var assemblers: [[ChoiceAssembler]]
    private(set) var choices: [CompletionResponse.Choice] = []
    var tokenCount = 0

    init(assemblers: [[ChoiceAssembler]]) { self.assemblers = assemblers }

    mutating func add(_ choice: CompletionResponse.Choice) {
      let isEmpty = choice.text.isEmpty && choice.logprobs?.tokens.isEmpty ?? true
      guard !isEmpty || choice.finishReason != nil else { return }
      if let known = choices.firstIndex(where: { $0.index == choice.index }) {
        choices[known].append(choice)
      } else {
        choices.append(choice)
      }
    }

    mutating func take() -> [CompletionResponse.Choice] {
      defer { choices = [] }
      return choices
    }
  }

  private func add(_ event: GenerationEvent, of prompt: Int, to parts: inout GrowingParts) {
    switch event {
    case .promptRead(let scores):
      guard request.echo else { return }
      let (text, tokens) = (prompts[prompt].text, prompts[prompt].tokens)
      for index in seeds.indices {
        parts.add(parts.assemblers[prompt][index].echo(text, tokens: tokens, scores: scores))
      }
    case .text(let text, let newText, let scores):
      parts.add(parts.assemblers[prompt][text].text(newText, scores))
    case .ended(let text, let result):
      parts.tokenCount += result.tokens
      parts.add(parts.assemblers[prompt][text].end(result.finishReason))
    }
  }

  private func assembler(_ prompt: Int, _ text: Int) -> ChoiceAssembler {
    ChoiceAssembler(
      model, index: prompt * request.n + text, seed: seeds[text],
      hasLogprobs: request.logprobs != nil)
  }

  private func part(_ choices: [CompletionResponse.Choice]) -> CompletionResponse {
    let notes = prompts.flatMap(\.notes)
    return CompletionResponse(
      id: id, created: created, model: model.id, systemFingerprint: model.fingerprint,
      choices: choices, usage: nil, charlm: notes.isEmpty ? nil : .init(notes: notes))
  }

  private func usage(_ completionTokens: Int) -> CompletionResponse.Usage {
    CompletionResponse.Usage(
      promptTokens: prompts.reduce(0) { $0 + $1.tokens.count },
      completionTokens: completionTokens)
  }
}
