import Foundation
import Generation
import Kernels
import Serving
import TestSupport
import Testing
import Tokenization

@Suite struct CompletionTests {
  private let folder: TemporaryFolder
  private let store: ModelStore
  private let service: CompletionService
  private let engine = InferenceEngine.small()

  init() throws {
    folder = try TemporaryFolder()
    try ServedModel.sampleModel().write(to: folder.path("novel.safetensors"))
    store = ModelStore(
      paths: [folder.path("novel.safetensors")], folder: nil, mostByteCount: 1 << 30,
      precision: .float32, processor: Processor(threadCount: 1))
    service = CompletionService(store: store, engine: engine, limits: CompletionLimits())
  }

  private func request(_ json: String) throws -> CompletionRequest {
    try CompletionRequest(JSONObject(json.utf8), limits: CompletionLimits())
  }

  private func response(_ json: String) async throws -> CompletionResponse {
    try await service.begin(request(json)).response()
  }

  @Test func defaultsAreThoseOfTheProtocol() throws {
    let request = try request("{}")
    #expect(request.prompts == [.text("")])
    #expect(request.maxTokens == 16 && request.temperature == 1 && request.n == 1)
    #expect(!request.stream && !request.echo && request.logprobs == nil)
  }

  @Test(arguments: [
    (#"{"temprature":1}"#, "temprature"), (#"{"temperature":"hot"}"#, "temperature"),
    (#"{"temperature":-1}"#, "temperature"), (#"{"max_tokens":-1}"#, "max_tokens"),
    (#"{"max_tokens":1.5}"#, "max_tokens"), (#"{"max_tokens":1e99}"#, "max_tokens"),
    (#"{"n":0}"#, "n"), (#"{"n":17}"#, "n"), (#"{"n":3,"best_of":2}"#, "best_of"),
    (#"{"best_of":2,"stream":true}"#, "best_of"), (#"{"prompt":7}"#, "prompt"),
    (#"{"prompt":[]}"#, "prompt"), (#"{"prompt":["a",1]}"#, "prompt"),
    (#"{"stop":[""]}"#, "stop"), (#"{"stop":3}"#, "stop"), (#"{"logprobs":21}"#, "logprobs"),
    (#"{"logit_bias":{"x":1}}"#, "logit_bias"), (#"{"logit_bias":{"5":1000}}"#, "5"),
    (#"{"pattern":"("}"#, "pattern"), (#"{"finish":"page"}"#, "finish"),
    (#"{"repeat_penalty":1.2,"repetition_penalty":1.3}"#, "repetition_penalty"),
    (#"{"mirostat":1}"#, "mirostat"), (#"{"suffix":"x"}"#, "suffix"),
    (#"{"n":16,"prompt":["a","b"],"max_tokens":16000}"#, "max_tokens"),
    (#"{"min_tokens":20}"#, "min_tokens"), (#"{"stream_options":{"x":1}}"#, "x"),
  ])
  func aWrongFieldIsNamed(json: String, parameter: String) throws {
    #expect {
      _ = try request(json)
    } throws: {
      guard case .invalid(let found, let reason) = $0 as? ServingError else { return false }
      return found == parameter && reason.hasSuffix(".")
    }
  }

  @Test(arguments: ["", "[]", "{", "nul", #"{"a":}"#, String(repeating: "[", count: 100_000)])
  func whatIsNotAnObjectIsRefused(json: String) throws {
    #expect(throws: ServingError.self) { _ = try request(json) }
  }

  @Test func aSeedOfSixtyFourBitsIsExact() throws {
    #expect(try request(#"{"seed":9007199254740993}"#).seed == 9_007_199_254_740_993)
    #expect(try request(#"{"seed":-1}"#).seed == .max)
  }

  @Test func theTextIsTheGeneratorsAndItsPartsMakeTheSameText() async throws {
    let body = #"{"prompt":"The ","max_tokens":50,"seed":5,"temperature":0.8"#
    let whole = try await response(body + "}")
    var generator = TextGenerator(
      try ServedModel.sampleModel(), processor: Processor(threadCount: 1))
    let expected = try generator.generate(
      after: Prompt("The ", tokenizer: ServedModel.sampleModel().tokenizer), length: 50,
      settings: SamplerSettings(temperature: 0.8), seed: 5)
    #expect(whole.choices.map(\.text) == [expected.text])
    #expect(whole.choices[0].finishReason == "length")
    #expect(whole.choices[0].seed == 5)
    #expect(whole.usage?.promptTokens == 4 && whole.usage?.completionTokens == 50)

    var parts: [CompletionResponse] = []
    let streamed = try request(
      body + #","stream":true,"stream_options":{"include_usage":true}}"#)
    try await service.begin(streamed).forEachPart { parts.append($0) }
    #expect(parts.flatMap(\.choices).map(\.text).joined() == expected.text)
    #expect(parts.compactMap { $0.choices.first?.finishReason } == ["length"])
    #expect(parts.last?.choices.isEmpty == true)
    #expect(parts.last?.usage?.completionTokens == 50)
    #expect(Set(parts.map(\.id)).count == 1)
  }

  /// What lm-evaluation-harness reads: all tokens of the prompt and exactly one more.
  @Test func echoedPromptsHaveTheirLogprobs() async throws {
    let model = try await store.model(nil)
    let tokens = [Vocabulary.endOfText] + model.tokenizer.encode("The lazy dog").ids
    let response = try await response(
      """
      {"prompt":[\(tokens), \(tokens.prefix(4))],"max_tokens":1,"temperature":0,"echo":true,
       "logprobs":1}
      """)
    #expect(response.choices.map(\.index) == [0, 1])
    let logprobs = try #require(response.choices[0].logprobs)
    #expect(logprobs.tokens.count == tokens.count + 1)
    #expect(logprobs.tokens[..<4] == ["<|endoftext|>", "T", "h", "e"])
    #expect(logprobs.tokenLogprobs[0] == nil && logprobs.topLogprobs[0] == nil)
    for index in 1..<logprobs.tokens.count {
      let logprob = try #require(logprobs.tokenLogprobs[index])
      let top = try #require(logprobs.topLogprobs[index])
      #expect(top[logprobs.tokens[index]] == logprob)
      #expect(1...2 ~= top.count && top.values.max()! >= logprob)
    }
    // Greedy: the generated token is the likeliest.
    #expect(logprobs.topLogprobs.last??.count == 1)
    let other = try #require(response.choices[1].logprobs)
    #expect(other.tokens.count == 5)
    #expect(other.tokenLogprobs[..<4] == logprobs.tokenLogprobs[..<4])
    #expect(response.choices[0].text.hasPrefix("<|endoftext|>The lazy dog"))
    let characters = Array(response.choices[0].text.unicodeScalars)
    for (token, offset) in zip(logprobs.tokens, logprobs.textOffset).dropFirst() {
      #expect(String(characters[offset]) == token)
    }
  }

  @Test func aStopTextIsNeitherInTheTextNorInItsTokens() async throws {
    let free = try await response(
      #"{"prompt":"The ","max_tokens":80,"seed":2,"logprobs":0}"#
    ).choices[0]
    let stop = String(free.text.dropFirst(20).prefix(3))
    let stopText = try jsonText(stop)
    let cut = try await response(
      #"{"prompt":"The ","max_tokens":80,"seed":2,"logprobs":0,"stop":"# + "[\(stopText)]}"
    ).choices[0]
    let expected = String(free.text[..<free.text.firstRange(of: stop)!.lowerBound])
    #expect(cut.text == expected)
    #expect(cut.finishReason == "stop")
    #expect(cut.logprobs?.tokens.joined() == expected)
    #expect(free.logprobs?.tokens.joined() == free.text)
  }

  private func jsonText(_ text: String) throws -> String {
    String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
  }

  @Test func theBestOfSeveralIsTheLikeliest() async throws {
    let body = #"{"prompt":"The ","max_tokens":30,"seed":1,"logprobs":0,"#
    func mean(_ choice: CompletionResponse.Choice) -> Double {
      let logprobs = choice.logprobs!.tokenLogprobs.map { $0! }
      return logprobs.reduce(0, +) / Double(logprobs.count)
    }
    let all = try await response(body + #""n":6}"#).choices
    let best = try await response(body + #""n":2,"best_of":6}"#).choices
    let order = all.sorted { mean($0) > mean($1) }
    #expect(best.map(\.text) == order.prefix(2).map(\.text))
    #expect(best.map(\.index) == [0, 1])
    // Its seed gives the same text alone.
    let again = try await response(
      #"{"prompt":"The ","max_tokens":30,"seed":"# + "\(best[0].seed)}")
    #expect(again.choices[0].text == best[0].text)
  }

  @Test func unknownCharactersAreReplacedAndNoted() async throws {
    let response = try await response(#"{"prompt":"“Thé","max_tokens":1,"echo":true}"#)
    #expect(response.charlm?.notes.count ?? 0 >= 1)
  }

  @Test func bytesHaveDistinctNames() async throws {
    var configuration = TokenizerConfiguration()
    configuration.unit = .byte
    let model = try ServedModel.sample(configuration)
    #expect(Set(model.tokenNames).count == model.tokenNames.count)
    #expect(model.tokenNames.contains("bytes:\\xe2"))
    let tokens = try model.tokens(of: "Grö").tokens
    #expect(model.text(of: tokens) == "Grö")
  }

  @Test func theNameOfTheEndOfTextIsItsToken() throws {
    let model = try ServedModel.sample()
    #expect(try model.tokens(of: "<|endoftext|>").tokens == [Vocabulary.endOfText])
    let tokens = try model.tokens(of: "<|endoftext|>The").tokens
    #expect(tokens.count == 4)
    #expect(model.text(of: tokens) == "<|endoftext|>The")
    let marked = try model.tokens(of: "<|endoftext|>\u{301}The").tokens
    #expect(marked.count == 5 && marked[0] == Vocabulary.endOfText)
  }
}
