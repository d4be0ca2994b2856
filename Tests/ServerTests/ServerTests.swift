import Foundation
import Glibc
import Serving
import TestSupport
import Testing

/// The server as a process, over its sockets.
@Suite struct ServerTests {
  private static func server(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> TestServer {
    try TestServer(arguments + ["novel.safetensors"], environment: environment) { folder in
      try SampleModel.write(to: folder, "novel.safetensors")
    }
  }

  @Test func aCompletionHasTheTextOfGenerate() throws {
    let server = try Self.server()
    let answer = try server.post(
      "/v1/completions",
      #"{"prompt":"The ","max_tokens":60,"seed":3,"temperature":0.8,"top_k":12}"#)
    #expect(answer.status == 200, "\(answer.text)")
    let choices = try #require(answer.object["choices"] as? [[String: Any]])
    let process = Process()
    process.executableURL = TestServer.executable
    process.currentDirectoryURL = server.folder.url
    process.arguments = [
      "generate", "novel.safetensors", "--prompt", "The ", "--length", "60", "--seed", "3",
      "--temperature", "0.8", "--top-k", "12", "--json",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let line = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let generated = try #require(
      JSONSerialization.jsonObject(with: line) as? [String: Any])
    #expect(choices[0]["text"] as? String == generated["text"] as? String)

    let streamed = try server.post(
      "/v1/completions",
      #"{"prompt":"The ","max_tokens":60,"seed":3,"temperature":0.8,"top_k":12,"stream":true}"#)
    #expect(streamed.headers["content-type"]?.hasPrefix("text/event-stream") == true)
    #expect(streamed.text.hasSuffix("data: [DONE]\n\n"))
    let parts = streamed.events.compactMap { $0["choices"] as? [[String: Any]] }.joined()
    #expect(parts.compactMap { $0["text"] as? String }.joined() == generated["text"] as? String)
  }

  @Test func everyPathOfTheDescriptionAnswers() throws {
    let server = try Self.server()
    let description = try server.send("GET", "/openapi.json").object
    let paths = try #require(description["paths"] as? [String: [String: Any]])
    #expect(paths.count > 10)
    for (path, methods) in paths {
      for method in methods.keys {
        let concrete = path.replacing("{id}", with: "novel")
        let answer = try server.send(
          method.uppercased(), concrete, method == "post" ? "{}" : nil)
        let responses = try #require(
          (methods[method] as? [String: Any])?["responses"] as? [String: Any])
        #expect(responses["\(answer.status)"] != nil, "\(method) \(path): \(answer.status)")
        if answer.status >= 400 { #expect((answer.error["message"] as? String)?.isEmpty == false) }
      }
    }
  }

  @Test func aWrongMethodIsNotAWrongPath() throws {
    let server = try Self.server()
    let answer = try server.send("DELETE", "/v1/models/novel")
    #expect(answer.status == 405 && answer.headers["allow"] == "GET")
    #expect(try server.send("DELETE", "/v1/nothing").status == 404)
  }

  @Test func modelsAreDescribed() throws {
    let server = try Self.server()
    let list = try #require(server.send("GET", "/v1/models").object["data"] as? [[String: Any]])
    #expect(list.map { $0["id"] as? String } == ["novel"])
    let details = try #require(list[0]["charlm"] as? [String: Any])
    #expect(details["unit"] as? String == "scalar")
    #expect(try server.send("GET", "/v1/models/other").status == 404)
    #expect(try server.send("GET", "/v1/models/..%2fnovel").status == 404)
  }

  @Test func tokensGoBothWays() throws {
    let server = try Self.server()
    let tokens = try server.post("/tokenize", #"{"prompt":"The dog"}"#).object["tokens"]
    let numbers = try #require(tokens as? [Int])
    #expect(numbers.count == 7)
    let text = try server.post("/detokenize", "{\"tokens\":\(numbers)}").object
    #expect(text["prompt"] as? String == "The dog" && text["content"] as? String == "The dog")
    let description = try server.send("GET", "/tokenizer_info").object
    let end = try #require(description["eos_token"] as? String)
    #expect(
      try server.post("/tokenize", "{\"content\":\"\(end)\"}").object["tokens"] as? [Int] == [1])
    // Each name of the text is checked, also the one that is not used.
    #expect(try server.post("/tokenize", #"{"prompt":"","content":[]}"#).status == 400)
  }

  @Test func scoresAreThoseOfEvaluate() throws {
    let server = try Self.server()
    let score = try server.post(
      "/v1/evaluate", #"{"text":"The lazy dog.","per_character":true,"candidates":2}"#
    ).object
    #expect(score["characters"] as? Int == 13)
    #expect((score["units"] as? [[String: Any]])?.count == 13)
    #expect(score["interval"] is NSNull)
    try Data("The lazy dog.".utf8).write(to: URL(filePath: server.folder.path("text.txt")))
    let process = Process()
    process.executableURL = TestServer.executable
    process.currentDirectoryURL = server.folder.url
    process.arguments = ["evaluate", "novel.safetensors", "text.txt", "--json"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let line = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let evaluated = try #require(JSONSerialization.jsonObject(with: line) as? [String: Any])
    for (name, value) in score where !["model", "units", "seconds"].contains(name) {
      #expect((value as? NSObject) == (evaluated[name] as? NSObject), "\(name)")
    }
  }

  @Test func inspectionsAreThoseOfDiagnose() throws {
    let server = try Self.server()
    let text = "The \"lazy\" dog.\nThe fox jumps over the brown dog.\n"
    try Data(text.utf8).write(to: URL(filePath: server.folder.path("text.txt")))
    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    let answer = try server.post(
      "/v1/inspect", "{\"text\":\(quoted),\"layer\":0,\"units\":[3,11],\"candidates\":2}")
    #expect(answer.status == 200, "\(answer.text)")
    let inspection = answer.object
    func run(_ arguments: String...) throws -> [String: Any] {
      let process = Process()
      process.executableURL = TestServer.executable
      process.currentDirectoryURL = server.folder.url
      process.arguments = ["diagnose"] + arguments
      let output = Pipe()
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      let line = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return try #require(JSONSerialization.jsonObject(with: line) as? [String: Any])
    }
    let cells = try run(
      "cells", "novel.safetensors", "text.txt", "--layer", "0", "--units", "3,11", "--tsv",
      "units.tsv", "--json")
    let layer = try #require((cells["layers"] as? [[String: Any]])?.first)
    #expect((inspection["units"] as? NSArray) == (layer["units"] as? NSArray))
    let table = try String(contentsOfFile: server.folder.path("units.tsv"), encoding: .utf8)
    let rows = table.split(separator: "\n").map { $0.split(separator: "\t") }
    let characters = try #require(inspection["characters"] as? [[String: Any]])
    #expect(rows.count == characters.count + 1)
    #expect(rows.dropFirst().map { Int($0[0]) } == characters.map { $0["offset"] as? Int })
    let traces = try #require(inspection["traces"] as? [[String: Any]])
    for (column, name) in rows[0].enumerated().dropFirst(2) {
      let trace = try #require(traces.first { "\($0["unit"]!)" == name.dropFirst() })
      let values = try #require(trace["values"] as? [String: [Double]])
      let numbers = rows.dropFirst().map { Float($0[column]) }
      #expect(values[String(name.prefix(1))]?.map { Float($0) } == numbers, "\(name)")
    }
    let flow = try run(
      "gradients", "novel.safetensors", "text.txt", "--layer", "0", "--window",
      "\(characters.count / 2)", "--windows", "32", "--json")
    let network = try #require((flow["networks"] as? [[String: Any]])?.first)
    let gradients = try #require(inspection["gradients"] as? [String: Any])
    #expect((gradients["hidden"] as? NSDictionary) == (network["hidden"] as? NSDictionary))
    #expect((gradients["cell_state"] as? NSDictionary) == (network["cell_state"] as? NSDictionary))
  }

  @Test func aTextThatIsTooLongToLookIntoIsRefused() throws {
    let server = try Self.server()
    let long = String(repeating: "a", count: 2_001)
    let answer = try server.post("/v1/inspect", "{\"text\":\"\(long)\"}")
    #expect(answer.status == 400 && answer.error["param"] as? String == "text")
    let short = try server.post("/v1/inspect", #"{"text":"a"}"#)
    #expect(short.status == 400, "\(short.text)")
  }

  @Test func thePageComesFromTheProgram() throws {
    let server = try Self.server()
    let page = try server.send("GET", "/")
    #expect(page.status == 200 && page.text.contains("<!doctype html>"))
    #expect(page.headers["content-security-policy"]?.contains("default-src 'none'") == true)
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let sources = root.appending(path: "Sources/CharlmServer/Page")
    let names = try FileManager.default.contentsOfDirectory(atPath: sources.path)
    #expect(names.count >= 2)
    for name in names {
      let text = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
      let answer = try server.send("GET", "/page/\(name)")
      #expect(answer.status == 200 && answer.text == text, "\(name)")
    }
    #expect(try server.send("GET", "/page/..%2fPackage.swift").status == 404)
  }

  @Test func theKeyIsNeeded() throws {
    let server = try TestServer(["--api-key-file", "key", "novel.safetensors"]) { folder in
      try SampleModel.write(to: folder, "novel.safetensors")
      try Data("secret\n".utf8).write(to: URL(filePath: folder.path("key")))
    }
    #expect(try server.send("GET", "/health").status == 200)
    #expect(try server.send("GET", "/").status == 200)
    for key in [nil, "Bearer wrong", "Bearer ", "secret", "Bearer secretsecret"] {
      let answer = try server.send(
        "GET", "/v1/models", headers: key.map { ["Authorization": $0] } ?? [:])
      #expect(answer.status == 401)
      #expect(answer.error["type"] as? String == "authentication_error")
    }
    #expect(
      try server.send("GET", "/v1/models", headers: ["Authorization": "Bearer secret"]).status
        == 200)
  }

  @Test func otherOriginsAndNamesAreRefused() throws {
    let server = try Self.server("--allow-origin", "https://friend.example")
    func status(_ headers: [String: String]) throws -> Int {
      try server.send("GET", "/v1/models", headers: headers).status
    }
    #expect(try status(["Origin": "https://evil.example"]) == 403)
    #expect(try status(["Origin": "null"]) == 403)
    #expect(try status(["Host": "evil.example"]) == 403)
    #expect(try status(["Origin": "http://localhost:\(server.port)"]) == 200)
    let friend = try server.send(
      "GET", "/v1/models", headers: ["Origin": "https://friend.example"])
    #expect(friend.status == 200)
    #expect(friend.headers["access-control-allow-origin"] == "https://friend.example")
    #expect(
      try server.send("GET", "/v1/models").headers["access-control-allow-origin"] == nil)
  }

  @Test func bodiesAndHeadsHaveLimits() throws {
    let server = try Self.server()
    let long = String(repeating: "a", count: 1 << 21)
    #expect(try server.post("/v1/completions", "{\"prompt\":\"\(long)\"}").status == 413)
    let head = try server.send(
      "GET", "/v1/models", headers: ["X-Long": String(repeating: "a", count: 40_000)])
    #expect(400..<500 ~= head.status)
    #expect(try server.send("GET", "/v1/models").status == 200)
  }

  @Test(arguments: [
    "GARBAGE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
    "POST /v1/completions HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "GET /\0 HTTP/1.1\r\n\r\n",
    "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  ])
  func whatIsNotHTTPIsRefused(bytes: String) throws {
    let server = try Self.server()
    let connection = try Connection(port: server.port)
    try connection.write(bytes)
    let answer = try connection.readToEnd()
    let text = String(decoding: answer, as: UTF8.self)
    #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 4"), "\(text)")
    #expect(try server.send("GET", "/health").status == 200)
  }

  @Test func aFullQueueSaysWhenToTryAgain() throws {
    let server = try Self.server("--queue", "1")
    let refused = try server.post("/v1/completions", #"{"prompt":["The","dog"]}"#)
    #expect(refused.status == 429)
    #expect(refused.headers["retry-after"] == "1")
    #expect(try server.post("/v1/completions", #"{"prompt":"The"}"#).status == 200)
  }

  @Test func aStreamEndsWholeAfterSIGTERM() throws {
    let server = try Self.server()
    let connection = try Connection(port: server.port)
    let body = #"{"prompt":"The","max_tokens":3000,"stream":true}"#
    try connection.write(completion: body)
    let first = connection.read()
    kill(server.process.processIdentifier, SIGTERM)
    let text = String(decoding: try first + connection.readToEnd(), as: UTF8.self)
    #expect(text.contains("\"finish_reason\":\"length\""))
    #expect(text.contains("data: [DONE]"))
    server.process.waitUntilExit()
    #expect(server.process.terminationStatus == 0)
  }

  @Test func optionsCanBeVariables() throws {
    let server = try TestServer(environment: ["CHARLM_MODELS": "shelf"]) { folder in
      try FileManager.default.createDirectory(
        atPath: folder.path("shelf"), withIntermediateDirectories: true)
      try SampleModel.write(to: folder, "shelf/novel.safetensors")
    }
    let list = try server.send("GET", "/v1/models").object["data"] as? [[String: Any]]
    #expect(list?.count == 1)
  }

  @Test func theBuiltInModelIsServedIfNoneIsNamed() throws {
    let server = try TestServer { _ in }
    let list = try server.send("GET", "/v1/models").object["data"] as? [[String: Any]]
    #expect(list?.map { $0["id"] as? String } == ["english"])
    #expect(try server.post("/v1/completions", #"{"prompt":"The","max_tokens":3}"#).status == 200)
  }

  @Test(arguments: [
    (["serve", "missing.safetensors"], "missing.safetensors"),
    (["serve", "novel.safetensors", "--port", "70000"], "--port is 70000"),
    (["serve", "novel.safetensors", "--allow-training"], "--models"),
    (["serve", "--models", "novel.safetensors"], "is a file"),
    (["serve", "novel.safetensors", "copy/novel.safetensors"], "same name"),
  ])
  func aWrongOptionIsOneSentence(arguments: [String], words: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("copy"), withIntermediateDirectories: true)
    try SampleModel.write(to: folder, "novel.safetensors")
    try SampleModel.write(to: folder, "copy/novel.safetensors")
    let process = Process()
    process.executableURL = TestServer.executable
    process.currentDirectoryURL = folder.url
    process.arguments = arguments
    let messages = Pipe()
    process.standardError = messages
    try process.run()
    let text = String(
      decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect([64, 66].contains(process.terminationStatus))
    #expect(text.contains(words) && text.split(separator: "\n").count == 1, "\(text)")
  }
}
