import HTTPTypes
import Hummingbird
import NIOCore
import Serving

extension ServerService {
  /// `POST /v1/completions`
  func addCompletions(to router: Router<ServerContext>) {
    router.post("/v1/completions") { request, context in
      let body = try await Self.object(in: request)
      let wanted = try CompletionRequest(body, limits: completions.limits)
      guard !wanted.stream else { return try await stream(wanted, context) }
      let response = try await context.channel.whileClientStays {
        try await completions.begin(wanted).response()
      }
      metrics.count(response.usage)
      return JSON.response(response)
    }
  }

  /// Server-sent events: a part of the answer in each.
  private func stream(
    _ wanted: CompletionRequest, _ context: ServerContext
  ) async throws -> Response {
    let running = try await completions.begin(wanted)
    return EventStream.response(context.channel) { events in
      try await running.forEachPart { part in
        try await events.send(JSON.encode(part))
        metrics.count(part)
      }
    }
  }
}
