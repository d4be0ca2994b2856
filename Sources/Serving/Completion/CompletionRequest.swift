import Generation
import ModelFiles
import Patterns
import Tokenization

/// The body of `POST /v1/completions`: the fields of OpenAI's protocol, and those of this product's
/// sampler under the names of llama.cpp's server where it has them.
package struct CompletionRequest: Sendable {
  package enum Prompt: Sendable, Equatable {
    case text(String)
    case tokens([Int])
  }

  package var model: String?
  package var prompts: [Prompt] = [.text("")]
  package var maxTokens = 16
  package var temperature = 1.0
  package var topP = 1.0
  package var n = 1
  package var bestOf: Int?
  package var stream = false
  package var includesUsage = false
  /// The number of candidates of each token; nil for no probabilities.
  package var logprobs: Int?
  package var echo = false
  package var stops: [String] = []
  package var presencePenalty = 0.0
  package var frequencyPenalty = 0.0
  package var logitBias: [TokenID: Double] = [:]
  package var seed: UInt64?

  package var topK: Int?
  package var minP: Double?
  package var typicalP: Double?
  package var mirostat: Mirostat?
  package var repeatPenalty = 1.0
  package var repeatLastN = SamplerSettings.defaultPenaltyWindow
  package var pattern: Pattern?
  package var minTokens = 0
  package var ignoresEnd = false
  package var finish: TextBoundary?

  /// The number of texts that are generated for each prompt.
  package var textCount: Int { max(n, bestOf ?? n) }
}

/// What a request may ask for at most.
package struct CompletionLimits: Sendable {
  package var prompts = 64
  package var texts = 16
  package var tokens = 16_384
  /// The tokens of all texts of a request together.
  package var allTokens = 262_144
  package var stops = 16
  package var candidates = 20
  package var patternBytes = 1_000
  package var promptTokens = 1_000_000

  package init() {}
}

extension CompletionRequest {
  /// Reads a request and checks every field.
  /// - Throws: `ServingError.invalid`.
  package init(_ body: JSONObject, limits: CompletionLimits) throws {
    var body = body
    model = try body.string("model")
    if let prompt = body.value("prompt") { prompts = try Self.prompts(prompt) }
    guard 1...limits.prompts ~= prompts.count else {
      throw ServingError.invalid(
        parameter: "prompt",
        reason: "The request has \(prompts.count) prompts: give 1 to \(limits.prompts).")
    }
    maxTokens = try body.integer("max_tokens", in: 0...limits.tokens) ?? maxTokens
    temperature = try body.number("temperature", in: 0...100) ?? temperature
    topP = try body.number("top_p", in: 0...1) ?? topP
    n = try body.integer("n", in: 1...limits.texts) ?? n
    bestOf = try body.integer("best_of", in: n...max(n, limits.texts))
    stream = try body.boolean("stream") ?? stream
    if var options = try body.object("stream_options") {
      includesUsage = try options.boolean("include_usage") ?? false
      _ = try options.boolean("include_obfuscation")
      try options.rejectUnreadFields()
    }
    logprobs = try body.integer("logprobs", in: 0...limits.candidates)
    echo = try body.boolean("echo") ?? echo
    stops = try Self.stops(&body, limits)
    presencePenalty = try body.number("presence_penalty", in: -100...100) ?? 0
    frequencyPenalty = try body.number("frequency_penalty", in: -100...100) ?? 0
    logitBias = try Self.logitBias(&body)
    // A negative seed is as good as any.
    seed = try body.integer("seed", in: Int.min...Int.max).map { UInt64(bitPattern: Int64($0)) }
    _ = try body.string("user")
    guard try body.string("suffix") ?? "" == "" else {
      throw ServingError.invalid(
        parameter: "suffix", reason: "The model cannot write before a suffix: leave it out.")
    }
    try readSampler(&body, limits)
    try body.rejectUnreadFields()
    try checkTogether(limits)
  }

  private mutating func readSampler(_ body: inout JSONObject, _ limits: CompletionLimits) throws {
    // llama.cpp's 0 is no limit.
    topK = try body.integer("top_k", in: 0...65_536).flatMap { $0 == 0 ? nil : $0 }
    minP = try body.number("min_p", in: 0...1).flatMap { $0 == 0 ? nil : $0 }
    typicalP = try body.number("typical_p", in: 0...1).flatMap { $0 == 1 ? nil : $0 }
    mirostat = try Self.mirostat(&body)
    let names = ["repeat_penalty", "repetition_penalty"]
    let penalties = try names.compactMap { try body.number($0, in: 0.01...100) }
    guard Set(penalties).count <= 1 else {
      throw ServingError.invalid(
        parameter: names[1], reason: "'\(names[0])' and '\(names[1])' are the same: give one.")
    }
    repeatPenalty = penalties.first ?? 1
    repeatLastN = try body.integer("repeat_last_n", in: 0...1_024) ?? repeatLastN
    minTokens = try body.integer("min_tokens", in: 0...limits.tokens) ?? 0
    ignoresEnd = try body.boolean("ignore_eos") ?? false
    if let text = try body.string("pattern") {
      guard text.utf8.count <= limits.patternBytes else {
        throw ServingError.invalid(
          parameter: "pattern",
          reason: "The pattern has \(text.utf8.count) bytes: give at most \(limits.patternBytes).")
      }
      do {
        pattern = try Pattern(text)
      } catch {
        throw ServingError.invalid(parameter: "pattern", reason: "\(error)")
      }
    }
    if let name = try body.string("finish") {
      finish = TextBoundary(rawValue: name)
      guard finish != nil else {
        throw ServingError.invalid(
          parameter: "finish",
          reason: "'finish' is not valid: give word, sentence, line or paragraph.")
      }
    }
  }

  private static func mirostat(_ body: inout JSONObject) throws -> Mirostat? {
    let version = try body.integer("mirostat", in: 0...2)
    let target = try body.number("mirostat_tau", in: Mirostat.targets)
    let rate = try body.number("mirostat_eta", in: Mirostat.rates)
    guard version != 1 else {
      throw ServingError.invalid(
        parameter: "mirostat",
        reason: "'mirostat' is 1, and only version 2 is known: give 2, or 0 for none.")
    }
    guard version ?? (target == nil ? 0 : 2) == 2 else { return nil }
    return Mirostat(target: target ?? defaultTarget, rate: rate ?? Mirostat.defaultRate)
  }

  /// Bits a character: about what texts of a person have.
  private static let defaultTarget = 2.0

  private func checkTogether(_ limits: CompletionLimits) throws {
    let all = prompts.count * textCount * maxTokens
    guard all <= limits.allTokens else {
      throw ServingError.invalid(
        parameter: "max_tokens",
        reason: "The request asks for \(all) tokens in all its texts: "
          + "give at most \(limits.allTokens).")
    }
    guard minTokens <= maxTokens else {
      throw ServingError.invalid(
        parameter: "min_tokens",
        reason: "'min_tokens' is \(minTokens): give at most \(maxTokens), which is max_tokens.")
    }
    guard !stream || bestOf ?? n == n else {
      throw ServingError.invalid(
        parameter: "best_of",
        reason: "The best of several texts cannot be streamed: leave out one of both.")
    }
  }

  // MARK: Parts

  private static func prompts(_ value: JSONValue) throws -> [Prompt] {
    switch value {
    case .string(let text): return [.text(text)]
    case .array(let values):
      if let tokens = tokens(values), !values.isEmpty { return [.tokens(tokens)] }
      let prompts = values.compactMap { value -> Prompt? in
        switch value {
        case .string(let text): .text(text)
        case .array(let parts): tokens(parts).map { .tokens($0) }
        default: nil
        }
      }
      if prompts.count == values.count { return prompts }
    default: break
    }
    throw ServingError.invalid(
      parameter: "prompt",
      reason: "The prompt is neither text nor tokens: "
        + "give a string, a list of strings, a list of tokens or a list of such lists.")
  }

  private static func tokens(_ values: [JSONValue]) -> [Int]? {
    let tokens = values.compactMap(\.integer)
    return tokens.count == values.count ? tokens : nil
  }

  private static func stops(
    _ body: inout JSONObject, _ limits: CompletionLimits
  ) throws -> [String] {
    let invalid = ServingError.invalid(
      parameter: "stop",
      reason: "'stop' is not valid: "
        + "give a text, or up to \(limits.stops) texts, none of them empty.")
    let stops: [String]
    switch body.value("stop") {
    case nil: return []
    case .string(let text)?: stops = [text]
    case .array(let values)?:
      stops = try values.map {
        guard case .string(let text) = $0 else { throw invalid }
        return text
      }
    default: throw invalid
    }
    guard stops.count <= limits.stops, !stops.contains("") else { throw invalid }
    return stops
  }

  private static func logitBias(_ body: inout JSONObject) throws -> [TokenID: Double] {
    guard var object = try body.object("logit_bias") else { return [:] }
    var biases: [TokenID: Double] = [:]
    for name in object.names {
      guard let token = TokenID(name), let bias = try object.number(name, in: -100...100) else {
        throw ServingError.invalid(
          parameter: "logit_bias",
          reason: "'logit_bias' has the key '\(name.prefix(40))': give the number of a token.")
      }
      biases[token] = bias
    }
    return biases
  }
}
