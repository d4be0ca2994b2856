import Hummingbird
import Serving
import Tokenization

extension ServerService {
  private struct ModelList: Encodable {
    let object = "list"
    let data: [ModelDescription]
  }

  /// `GET /v1/models` and `/v1/models/{id}`
  func addModels(to router: Router<ServerContext>) {
    router.get("/v1/models") { _, _ in
      JSON.response(ModelList(data: await store.descriptions()))
    }
    router.get("/v1/models/{id}") { _, context in
      let id = try context.parameters.require("id")
      return JSON.response(try await store.description(of: Self.decoded(id)))
    }
  }

  /// A part of a path without percent-encoding (RFC 3986, section 2.1).
  private static func decoded(_ part: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(part.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private struct Tokens: Encodable {
    let tokens: [TokenID]
    let count: Int
    let pieces: [String]
    /// There is no limit of the context.
    let maxModelLen: Int?
  }

  private struct DetokenizedText: Encodable {
    let prompt: String
    let content: String
  }

  private struct TokenizerDescription: Encodable {
    let bosToken = ServedModel.endOfTextName
    let eosToken = ServedModel.endOfTextName
    let unkToken = ServedModel.unknownName
    let vocabSize: Int
    let unit: String
    let normalization: String
  }

  /// `POST /tokenize` and `/detokenize`, `GET /tokenizer_info`, in the spellings of llama.cpp and
  /// vLLM, also under `/v1`
  func addTokens(to router: Router<ServerContext>) {
    for path in ["", "/v1"] {
      router.post("\(path)/tokenize") { request, _ in try await tokenize(request) }
      router.post("\(path)/detokenize") { request, _ in try await detokenize(request) }
      router.get("\(path)/tokenizer_info") { request, _ in
        let id = request.uri.queryParameters["model"].map(String.init)
        let tokenizer = try await store.model(id).tokenizer
        return JSON.response(
          TokenizerDescription(
            vocabSize: tokenizer.vocabularySize, unit: tokenizer.configuration.unit.rawValue,
            normalization: tokenizer.configuration.normalization.rawValue))
      }
    }
  }

  private func tokenize(_ request: Request) async throws -> Response {
    var body = try await Self.object(in: request)
    let id = try body.string("model")
    let (prompt, content) = try (body.string("prompt"), body.string("content"))
    // Nothing here depends on them.
    for name in [
      "add_special_tokens", "add_special", "parse_special", "with_pieces", "return_token_strs",
    ] { _ = try body.boolean(name) }
    try body.rejectUnreadFields()
    let model = try await store.model(id)
    guard let text = prompt ?? content else {
      throw ServingError.invalid(
        parameter: "prompt", reason: "The text is missing: give it as 'prompt' or 'content'.")
    }
    let tokens = try model.tokens(of: text).tokens
    return JSON.response(
      Tokens(
        tokens: tokens, count: tokens.count, pieces: tokens.map { model.tokenNames[Int($0)] },
        maxModelLen: nil))
  }

  private func detokenize(_ request: Request) async throws -> Response {
    var body = try await Self.object(in: request)
    let id = try body.string("model")
    let numbers = try (body.array("tokens") ?? []).map { value -> Int in
      guard let number = value.integer else {
        throw ServingError.invalid(
          parameter: "tokens", reason: "'tokens' is not valid: give a list of whole numbers.")
      }
      return number
    }
    try body.rejectUnreadFields()
    let model = try await store.model(id)
    let text = model.text(of: try model.checked(numbers, parameter: "tokens"))
    return JSON.response(DetokenizedText(prompt: text, content: text))
  }
}
