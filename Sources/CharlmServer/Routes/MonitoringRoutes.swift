import Hummingbird
import NIOCore
import Serving

extension ServerService {
  private struct Health: Encodable { let status = "ok" }

  /// `GET /health`, `/metrics` and `/openapi.json`
  func addMonitoring(to router: Router<ServerContext>) {
    for path in ["/health", "/v1/health"] {
      router.get("\(path)") { _, _ in JSON.response(Health()) }
    }
    router.get("/metrics") { _, _ in
      let text = metrics.text(load: engine.load, models: await store.loadedIDs.count)
      return Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
        body: .init(byteBuffer: ByteBuffer(string: text)))
    }
    router.get("/openapi.json") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: ByteBuffer(bytes: ServerFiles.apiDescription)))
    }
  }
}
