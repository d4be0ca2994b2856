import HTTPTypes
import Hummingbird
import NIOCore

/// Server-sent events (the HTML standard, section 9.2): one object of JSON in each, then `[DONE]`.
///
/// An error after the first event is an event, too, because the status was sent before.
struct EventStream {
  private var writer: any ResponseBodyWriter

  /// Sends an object.
  mutating func send(_ json: ByteBuffer) async throws {
    var event = ByteBuffer(string: "data: ")
    event.writeImmutableBuffer(json)
    event.writeString("\n\n")
    try await writer.write(event)
  }

  /// A response of events, which ends if the client leaves.
  static func response(
    _ channel: any Channel,
    _ body: @escaping @Sendable (inout EventStream) async throws -> Void
  ) -> Response {
    Response(
      status: .ok,
      headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache"],
      body: .init { writer in
        let shared = UnsafeWriter(writer: writer)
        try await channel.whileClientStays {
          var events = EventStream(writer: shared.writer)
          do {
            try await body(&events)
          } catch is CancellationError {
            throw CancellationError()
          } catch {
            try await events.send(APIError(error).json)
          }
          try await events.writer.write(ByteBuffer(string: "data: [DONE]\n\n"))
        }
        try await writer.finish(nil)
      })
  }

  /// A writer that only one task uses at a time.
  private struct UnsafeWriter: @unchecked Sendable {
    let writer: any ResponseBodyWriter
  }
}
