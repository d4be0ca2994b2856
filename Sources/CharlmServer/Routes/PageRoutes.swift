import HTTPTypes
import Hummingbird
import NIOCore

extension ServerService {
  /// `GET /` and `/page/{name}`: the page, from files in this program.
  func addPage(to router: Router<ServerContext>) {
    router.get("/") { _, _ in try Self.file("index.html") }
    router.get("/page/{name}") { _, context in
      try Self.file(context.parameters.require("name"))
    }
  }

  private static func file(_ name: String) throws -> Response {
    guard let bytes = ServerFiles.page[name] else { throw HTTPError(.notFound) }
    return Response(
      status: .ok,
      headers: [
        .contentType: contentType(name), .cacheControl: "no-cache",
        .contentSecurityPolicy: contentSecurityPolicy, .xContentTypeOptions: "nosniff",
        .init("Referrer-Policy")!: "no-referrer",
      ], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// Nothing is loaded from elsewhere, and no other page may frame this one.
  private static let contentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    + "img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

  private static func contentType(_ name: String) -> String {
    switch name.split(separator: ".").last {
    case "html": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "svg": "image/svg+xml"
    default: "application/octet-stream"
    }
  }
}
