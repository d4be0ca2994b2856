import HTTPTypes
import Hummingbird
import ServerLaunch
import Serving
import Storage

/// Refuses requests of pages of other origins, of other names of this machine, and without the key.
struct AccessGuard: RouterMiddleware {
  typealias Context = ServerContext

  private let keyDigest: SHA256Digest?
  private let allowedOrigins: Set<String>
  /// Whether only this machine can reach the server.
  private let isLocal: Bool

  init(_ settings: ServerSettings) {
    keyDigest = settings.apiKey.map { Self.digest($0) }
    allowedOrigins = Set(settings.allowedOrigins)
    isLocal = Self.localNames.contains(settings.host)
  }

  private static let localNames: Set<String> = ["127.0.0.1", "localhost", "::1", "[::1]"]
  /// Anyone may load the page and see that the server runs.
  private static func isPublic(_ path: String) -> Bool {
    path == "/" || path == "/health" || path == "/v1/health" || path.hasPrefix("/page/")
  }

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    let origin = request.headers[.origin]
    let host = request.head.authority ?? ""
    // A page of another site whose name was pointed at this machine (DNS rebinding).
    guard !isLocal || Self.localNames.contains(Self.name(ofHost: host)) else {
      throw APIError(.forbidden, "This server answers to localhost only, not to '\(host)'.")
    }
    let isForeign = origin.map { $0 != "http://\(host)" && $0 != "https://\(host)" } ?? false
    guard !isForeign || allowedOrigins.contains(origin!) else {
      throw APIError(
        .forbidden,
        "Pages of '\(origin!)' may not use this server: start it with that origin allowed.")
    }
    if request.method == .options, isForeign {
      return Response(status: .noContent, headers: Self.crossOriginHeaders(origin!))
    }
    guard Self.isPublic(request.uri.path) || hasKey(request) else {
      throw APIError(
        .unauthorized, "The key is missing or wrong: send 'Authorization: Bearer KEY'.",
        code: "invalid_api_key")
    }
    var response = try await next(request, context)
    if isForeign { response.headers.append(contentsOf: Self.crossOriginHeaders(origin!)) }
    return response
  }

  private static func name(ofHost host: String) -> String {
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
    return host.split(separator: ":").first.map(String.init) ?? ""
  }

  private static func crossOriginHeaders(_ origin: String) -> HTTPFields {
    [
      .accessControlAllowOrigin: origin, .vary: "Origin",
      .accessControlAllowHeaders: "Authorization, Content-Type",
      .accessControlAllowMethods: "GET, POST",
    ]
  }

  // MARK: The key

  private func hasKey(_ request: Request) -> Bool {
    guard let keyDigest else { return true }
    let prefix = "Bearer "
    guard let header = request.headers[.authorization], header.hasPrefix(prefix) else {
      return false
    }
    // Digests of equal length, compared without a branch: the time says nothing about the key.
    let given = Self.digest(String(header.dropFirst(prefix.count)))
    return zip(given.bytes, keyDigest.bytes).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func digest(_ key: String) -> SHA256Digest {
    Array(key.utf8).withUnsafeBytes { SHA256Digest(of: $0) }
  }
}
