import Foundation
import TestSupport
import Testing

/// Every field of every request, given a value of each type that the description of the interface
/// does not name.
@Suite struct RequestSchemaTests {
  typealias Object = [String: Any]

  /// A valid value of each field that a request cannot do without.
  private static var valid: Object {
    ["text": "The lazy dog", "prompt": "The ", "name": "run", "texts": [["text": "The lazy dog"]]]
  }

  private static var kinds: Object {
    [
      "null": NSNull(), "boolean": true, "number": 0.5, "string": "?", "array": [Any](),
      "object": Object(),
    ]
  }

  @Test func noFieldAcceptsAValueOfAnotherType() throws {
    let server = try TestServer(["--models", ".", "--allow-training"]) { folder in
      try SampleModel.write(to: folder, "novel.safetensors")
    }
    let description = try server.send("GET", "/openapi.json").object
    let paths = try #require(description["paths"] as? [String: Object])
    var count = 0
    for (path, methods) in paths {
      guard let schema = try Self.requestSchema(methods, in: description) else { continue }
      let properties = try #require(schema["properties"] as? Object, "\(path)")
      let body = Self.valid.filter { properties[$0.key] != nil }
      for wrong in try Self.wrongValues(of: schema, name: "the body") {
        guard let fields = wrong.value as? Object else { continue }
        let request = body.merging(fields) { $1 }
        let answer = try server.post(path, Self.json(request))
        #expect(answer.status == 400, "\(path) \(wrong): \(answer.text)")
        let parameter = answer.error["param"] as? String
        #expect(wrong.names.contains { $0 == parameter }, "\(path) \(wrong): \(answer.text)")
        count += 1
      }
    }
    #expect(count > 250)
  }

  @Test func requestsOfTheTestAreValid() throws {
    let server = try TestServer(["novel.safetensors"]) { folder in
      try SampleModel.write(to: folder, "novel.safetensors")
    }
    for (path, names) in [
      ("/v1/completions", ["prompt"]), ("/v1/evaluate", ["text"]), ("/v1/inspect", ["text"]),
      ("/tokenize", ["prompt"]), ("/detokenize", []),
    ] {
      let answer = try server.post(path, Self.json(Self.valid.filter { names.contains($0.key) }))
      #expect(answer.status == 200, "\(path): \(answer.text)")
    }
  }

  private static func json(_ object: Object) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
  }

  private static func requestSchema(_ methods: Object, in description: Object) throws -> Object? {
    guard let post = methods["post"] as? Object, let body = post["requestBody"] as? Object else {
      return nil
    }
    let content = try #require(body["content"] as? [String: Object])
    var schema = try #require(content["application/json"]?["schema"] as? Object)
    if let reference = schema["$ref"] as? String {
      let components = try #require(description["components"] as? [String: Object])
      let name = try #require(reference.split(separator: "/").last.map(String.init))
      schema = try #require(components["schemas"]?[name] as? Object)
    }
    return schema
  }

  /// A value that a schema does not allow, and the names of the fields on the way to what is wrong.
  private struct WrongValue {
    let value: Any
    let names: [String]
  }

  /// Values of every other type, and allowed objects and lists that have such a value in them.
  private static func wrongValues(of schema: Object, name: String) throws -> [WrongValue] {
    let choices = schema["type"] == nil ? schema["anyOf"] as? [Object] ?? [schema] : [schema]
    let allowed = try Set(choices.flatMap(kinds(of:)))
    #expect(!allowed.isEmpty, "\(name) has no type")
    var wrong = kinds.filter { !allowed.contains($0.key) }.values.map {
      WrongValue(value: $0, names: [name])
    }
    for choice in choices where try kinds(of: choice).contains("object") {
      let properties = choice["properties"] as? Object ?? [:]
      for (field, schema) in properties {
        let schema = try #require(schema as? Object)
        wrong += try wrongValues(of: schema, name: field).map {
          WrongValue(value: [field: $0.value], names: [name] + $0.names)
        }
      }
      if let others = choice["additionalProperties"] as? Object {
        wrong += try wrongValues(of: others, name: "1").map {
          WrongValue(value: ["1": $0.value], names: [name] + $0.names)
        }
      } else {
        #expect(choice["additionalProperties"] as? Bool == false, "\(name)")
        wrong.append(WrongValue(value: ["unknown": 1], names: [name, "unknown"]))
      }
    }
    // A list may have items of any of its schemas.
    let items = choices.compactMap { $0["items"] as? Object }
    if !items.isEmpty {
      wrong += try wrongValues(of: ["anyOf": items], name: name).map {
        WrongValue(value: [$0.value], names: $0.names)
      }
    }
    return wrong
  }

  /// The types of a schema's values; an integer is a number.
  private static func kinds(of schema: Object) throws -> Set<String> {
    let names: [String]
    if let choices = schema["enum"] as? [Any] {
      names = choices.map { $0 is NSNull ? "null" : $0 is String ? "string" : "number" }
    } else if let type = schema["type"] {
      names = try type as? [String] ?? [#require(type as? String)]
    } else {
      return try Set((schema["anyOf"] as? [Object] ?? []).flatMap(kinds(of:)))
    }
    return Set(names.map { $0 == "integer" ? "number" : $0 })
  }
}
