import Hummingbird
import Serving

extension ServerService {
  /// The most candidates of a character.
  private static let mostCandidates = 10

  /// The largest body with a text to score.
  private static let mostTextBytes = 16 << 20

  /// `POST /v1/evaluate`
  func addEvaluation(to router: Router<ServerContext>) {
    router.post("/v1/evaluate") { request, _ in
      var body = try await Self.object(in: request, upTo: Self.mostTextBytes)
      let id = try body.string("model")
      guard let text = try body.string("text"), !text.isEmpty else {
        throw ServingError.invalid(
          parameter: "text", reason: "The text is missing: give it as 'text'.")
      }
      let candidates = try body.integer("candidates", in: 0...Self.mostCandidates) ?? 0
      let showsUnits = try body.boolean("per_character") ?? false
      try body.rejectUnreadFields()
      let model = try await store.model(id)
      return JSON.response(
        try await scorer.score(text, with: model, candidateCount: showsUnits ? candidates : nil))
    }
  }
}
