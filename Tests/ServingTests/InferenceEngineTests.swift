import Evaluation
import Generation
import Kernels
import Serving
import Testing
import Tokenization

@Suite struct InferenceEngineTests {
  private static let settings = SamplerSettings(temperature: 0.9, topK: 20)

  private static func request(
    _ prompt: String, _ model: ServedModel, length: Int = 60, seeds: [UInt64] = [7],
    settings: SamplerSettings = settings, stops: [String] = []
  ) -> GenerationRequest {
    GenerationRequest(
      beginning: .text, prompt: model.tokenizer.encode(prompt).ids,
      criteria: StoppingCriteria(length: length, stops: stops), settings: settings, seeds: seeds)
  }

  private static func generated(
    _ prompt: String, _ model: ServedModel, length: Int = 60, seed: UInt64 = 7,
    settings: SamplerSettings = settings
  ) throws -> String {
    var generator = TextGenerator(model.model, processor: Processor(threadCount: 1))
    return try generator.generate(
      after: Prompt(prompt, tokenizer: model.tokenizer), length: length, settings: settings,
      seed: seed
    ).text
  }

  @Test func aTextIsThatOfTheGeneratorWhateverElseIsGenerated() async throws {
    let model = try ServedModel.sample()
    let engine = InferenceEngine.small(mostTexts: 5)
    defer { engine.stop() }
    let prompts = [
      "", "The", "The quick brown fox ", "é", String(repeating: "lazy dog. ", count: 60),
    ]
    let expected = try prompts.map { try Self.generated($0, model) }
    for (prompt, text) in zip(prompts, expected) {
      #expect(try await engine.texts(Self.request(prompt, model), with: model) == [text])
    }
    // All of them several times at once, of different lengths, so that texts join and leave.
    try await withThrowingTaskGroup(of: Void.self) { group in
      for round in 0..<4 {
        for (prompt, text) in zip(prompts, expected) {
          let length = 60 - 13 * round
          group.addTask {
            let found = try await engine.texts(
              Self.request(prompt, model, length: length), with: model)
            #expect(found == [String(text.unicodeScalars.prefix(length).map(Character.init))])
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func eachTextOfARequestHasASeed() async throws {
    let model = try ServedModel.sample()
    let engine = InferenceEngine.small()
    defer { engine.stop() }
    let texts = try await engine.texts(
      Self.request("The ", model, seeds: [3, 4, 5]), with: model)
    #expect(
      try texts == [3, 4, 5].map { try Self.generated("The ", model, seed: $0) })
    #expect(Set(texts).count == 3)
  }

  /// Penalties depend on the tokens before, which a cached state must have, too.
  @Test func aPromptThatWasReadBeforeContinuesInTheSameWay() async throws {
    let model = try ServedModel.sample()
    let engine = InferenceEngine.small()
    defer { engine.stop() }
    let settings = SamplerSettings(
      temperature: 0.9, penalties: RepetitionPenalties(presence: 0.7, frequency: 0.2))
    var prompt = "The lazy fox"
    for _ in 0..<3 {
      let expected = try Self.generated(prompt, model, settings: settings)
      let found = try await engine.texts(
        Self.request(prompt, model, settings: settings), with: model)
      #expect(found == [expected])
      prompt += expected
    }
  }

  @Test func scoresAreThoseOfTheEvaluator() async throws {
    let model = try ServedModel.sample()
    let engine = InferenceEngine.small()
    defer { engine.stop() }
    let text = String(ServedModel.text.prefix(300))
    var request = Self.request(text, model, length: 1)
    (request.candidateCount, request.scoresPrompt) = (2, true)
    var scores: [TokenScore] = []
    let events = try engine.generate([request], with: model)
    while let news = try await events.next() {
      for (_, event) in news {
        switch event {
        case .promptRead(let read): scores += read
        case .text(_, _, let more): scores += more
        case .ended: break
        }
      }
    }
    var evaluator = Evaluator(model.model, processor: Processor(threadCount: 1))
    let result = try evaluator.evaluate(.text(text, name: "text"))
    #expect(scores.count == result.tokens + 1)
    let nats = scores.dropLast().reduce(0) { $0 + $1.nats }
    #expect(abs(nats - result.nats) < 1e-9 * result.nats)
    for score in scores {
      #expect(score.candidates.count == 2)
      #expect(score.candidates[0].nats <= score.candidates[1].nats)
      #expect(score.candidates[0].nats <= score.nats + 1e-6)
    }
  }

  @Test func aTextWhoseReaderIsSlowPausesAndIsTheSameInTheEnd() async throws {
    let model = try ServedModel.sample()
    let engine = InferenceEngine.small(mostTexts: 1)
    defer { engine.stop() }
    let length = 2_000
    let request = Self.request("The", model, length: length)
    let slow = try engine.generate([request], with: model)
    var text = ""
    func read(_ news: [GenerationEvents.Element]) -> Int {
      for case .text(_, let newText, _) in news.map(\.event) { text += newText }
      return news.count
    }
    // The only place is free for others although nobody reads.
    #expect(
      try await engine.texts(Self.request("é", model), with: model)
        == [Self.generated("é", model)])
    let first = try #require(try await slow.next())
    #expect(read(first) < 300)
    while let news = try await slow.next() { _ = read(news) }
    #expect(text == (try Self.generated("The", model, length: length)))
    // One that is never read ends with its reader.
    var unread: GenerationEvents? = try engine.generate([request], with: model)
    _ = try await engine.texts(Self.request("é", model), with: model)
    let clock = ContinuousClock()
    let start = clock.now
    // The engine counts a text until just after its reader has its end.
    while engine.load.requests > 1, start.duration(to: clock.now) < .seconds(30) {
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(engine.load.requests == 1)
    withExtendedLifetime(unread) {}
    unread = nil
    while engine.load != InferenceEngine.Load(), start.duration(to: clock.now) < .seconds(30) {
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(engine.load == InferenceEngine.Load())
  }

  @Test func aClientThatLeavesFreesItsPlace() async throws {
    let model = try ServedModel.sample()
    let engine = InferenceEngine.small()
    defer { engine.stop() }
    // Minutes, unless it is cancelled.
    let request = Self.request("The", model, length: 50_000_000)
    var events: GenerationEvents? = try engine.generate([request], with: model)
    var count = 0
    while count == 0 { count = try await events?.next()?.count ?? 0 }
    events = nil
    let clock = ContinuousClock()
    let start = clock.now
    while engine.load != InferenceEngine.Load(), start.duration(to: clock.now) < .seconds(30) {
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(engine.load == InferenceEngine.Load())
  }

  @Test func aCancelledReaderEndsAtOnce() async throws {
    let model = try ServedModel.sample()
    let engine = InferenceEngine.small()
    defer { engine.stop() }
    let events = try engine.generate([Self.request("The", model, length: 200_000)], with: model)
    let reader = Task { while try await events.next() != nil {} }
    reader.cancel()
    await #expect(throws: CancellationError.self) { try await reader.value }
  }

  @Test func tooManyPromptsAreRefused() async throws {
    let model = try ServedModel.sample()
    let engine = InferenceEngine.small(mostRequests: 2)
    defer { engine.stop() }
    let endless = Self.request("The", model, length: 200_000)
    let events = try engine.generate([endless, endless], with: model)
    #expect(throws: ServingError.busy) { _ = try engine.generate([endless], with: model) }
    withExtendedLifetime(events) {}
    engine.end()
    #expect(throws: ServingError.endingSoon) { _ = try engine.generate([endless], with: model) }
  }

  @Test func stoppingEndsTheStreams() async throws {
    let model = try ServedModel.sample()
    let engine = InferenceEngine.small()
    let events = try engine.generate(
      [Self.request("The", model, length: 200_000)], with: model)
    engine.stop()
    await #expect(throws: ServingError.endingSoon) { while try await events.next() != nil {} }
  }
}
