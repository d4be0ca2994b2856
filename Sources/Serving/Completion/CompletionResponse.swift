/// The answer to a completion request, or one part of a streamed one.
package struct CompletionResponse: Sendable, Encodable {
  package struct Choice: Sendable, Encodable {
    package var text: String
    package let index: Int
    package var logprobs: TokenLogprobs?
    /// Nil while the text grows.
    package var finishReason: String?
    /// The seed that gives this text again.
    package let seed: Int64

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(text, forKey: .text)
      try container.encode(index, forKey: .index)
      // The protocol has null, not an absent field.
      try container.encode(logprobs, forKey: .logprobs)
      try container.encode(finishReason, forKey: .finishReason)
      try container.encode(seed, forKey: .seed)
    }

    private enum CodingKeys: String, CodingKey {
      case text, index, logprobs, finishReason, seed
    }
  }

  package struct Usage: Sendable, Encodable {
    package var promptTokens = 0
    package var completionTokens = 0

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(promptTokens, forKey: .promptTokens)
      try container.encode(completionTokens, forKey: .completionTokens)
      try container.encode(promptTokens + completionTokens, forKey: .totalTokens)
    }

    private enum CodingKeys: String, CodingKey {
      case promptTokens, completionTokens, totalTokens
    }
  }

  package struct Notes: Sendable, Encodable {
    package let notes: [String]
  }

  package let id: String
  package let object = "text_completion"
  /// Seconds since 1970.
  package let created: Int
  package let model: String
  package let systemFingerprint: String
  package var choices: [Choice]
  package var usage: Usage?
  /// Whether `usage` is written even if it is nil.
  package var showsUsage = true
  /// What was read in place of unknown characters.
  package var charlm: Notes?

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(object, forKey: .object)
    try container.encode(created, forKey: .created)
    try container.encode(model, forKey: .model)
    try container.encode(systemFingerprint, forKey: .systemFingerprint)
    try container.encode(choices, forKey: .choices)
    if showsUsage { try container.encode(usage, forKey: .usage) }
    try container.encodeIfPresent(charlm, forKey: .charlm)
  }

  private enum CodingKeys: String, CodingKey {
    case id, object, created, model, systemFingerprint, choices, usage, charlm
  }
}

/// The probabilities of the tokens of a choice, in natural logarithms.
package struct TokenLogprobs: Sendable, Encodable, Equatable {
  package var tokens: [String] = []
  /// Nil for a token without anything before it.
  package var tokenLogprobs: [Double?] = []
  /// The likeliest tokens and the chosen one; nil for a token without anything before it.
  package var topLogprobs: [[String: Double]?] = []
  /// Unicode scalars before the token.
  package var textOffset: [Int] = []

  package init() {}
}
