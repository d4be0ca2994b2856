import FoundationEssentials

/// The paths and methods of `openapi.json`, to tell a wrong method from a wrong path.
struct KnownPaths: Sendable {
  private struct Description: Decodable {
    let paths: [String: [String: Operation]]
    struct Operation: Decodable {}
  }

  private let templates: [(parts: [Substring], methods: [String])]

  init() {
    let description = try? JSONDecoder().decode(
      Description.self, from: Data(ServerFiles.apiDescription))
    templates = (description?.paths ?? [:]).map { path, methods in
      (Self.parts(path), methods.keys.map { $0.uppercased() }.sorted())
    }
  }

  /// The methods of a path; nil if there is no such path.
  func methods(ofPath path: String) -> [String]? {
    let parts = Self.parts(path)
    return templates.first { template in
      template.parts.count == parts.count
        && zip(template.parts, parts).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
    }?.methods
  }

  private static func parts(_ path: String) -> [Substring] { path[...].split(separator: "/") }
}
