import Hummingbird
import Serving

extension ServerService {
  /// `POST /v1/inspect`
  func addInspection(to router: Router<ServerContext>) {
    router.post("/v1/inspect") { request, _ in
      var body = try await Self.object(in: request)
      let model = try await store.model(body.string("model"))
      let wanted = try InspectionRequest(body, of: model.model.weights.configuration)
      return JSON.response(try await inspector.inspect(wanted, with: model))
    }
  }
}
