import Foundation
import TestSupport
import Testing

/// Training by the server's interface.
@Suite(.serialized) struct TrainingRunTests {
  private static func server() throws -> TestServer {
    try TestServer(["--models", ".", "--allow-training"]) { _ in }
  }

  private static let text = String(
    repeating: "the cat sat on the mat and the dog ran.\n", count: 300)

  private static func start(_ server: TestServer, minutes: Double) throws -> TestServer.Answer {
    let body: [String: Any] = [
      "name": "cat", "minutes": minutes, "texts": [["name": "../cat.txt", "text": text]],
    ]
    let json = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
    return try server.post("/v1/training", json)
  }

  private static func state(_ server: TestServer) throws -> String? {
    try server.send("GET", "/v1/training/cat").object["state"] as? String
  }

  private static func wait(_ server: TestServer, for state: String) throws {
    let end = Date(timeIntervalSinceNow: 60)
    while try Self.state(server) != state, Date() < end { Thread.sleep(forTimeInterval: 0.05) }
    #expect(try Self.state(server) == state)
  }

  @Test func aRunPausesResumesAndStopsWithAModel() throws {
    let server = try Self.server()
    let started = try Self.start(server, minutes: 30)
    #expect(started.status == 201, "\(started.text)")
    #expect(started.object["state"] as? String == "running")
    #expect(try Self.start(server, minutes: 1).status == 409)
    // Until there is a step to resume from.
    let log = server.folder.path("cat.training/log.jsonl")
    let end = Date(timeIntervalSinceNow: 60)
    while !((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").contains("\"step\""),
      Date() < end
    {
      Thread.sleep(forTimeInterval: 0.05)
    }
    _ = try server.post("/v1/training/cat/pause", "")
    try Self.wait(server, for: "paused")
    _ = try server.post("/v1/training/cat/resume", "")
    #expect(try Self.state(server) == "running")
    _ = try server.post("/v1/training/cat/stop", "")
    try Self.wait(server, for: "finished")
    let events = try server.send("GET", "/v1/training/cat/events")
    #expect(events.text.contains("\"event\":\"started\""))
    #expect(events.text.hasSuffix("data: [DONE]\n\n"))
    let models = try server.send("GET", "/v1/models").object["data"] as? [[String: Any]]
    #expect(models?.first?["id"] as? String == "cat")
    let details = models?.first?["charlm"] as? [String: Any]
    #expect(details?["trained_on"] as? [String] == ["001-cat.txt"])
    let answer = try server.post("/v1/completions", #"{"prompt":"the","max_tokens":20}"#)
    #expect(answer.status == 200)
    #expect(try Self.start(server, minutes: 1).status == 400)
  }

  @Test func aRunOutlivesTheServerAndKeepsNoSocket() throws {
    let server = try Self.server()
    let client = try Connection(port: server.port)  // the server has it while it starts the run
    _ = try Self.start(server, minutes: 30)
    let process = try #require(
      pid_t(
        try String(contentsOfFile: server.folder.path("cat.training/process"), encoding: .utf8)))
    // Not `waitUntilExit`, which waits for everything that the server started.
    kill(server.process.processIdentifier, SIGKILL)
    let end = Date(timeIntervalSinceNow: 10)
    while (try? Connection(port: server.port)) != nil, Date() < end {
      Thread.sleep(forTimeInterval: 0.05)
    }
    #expect(throws: Connection.Failed.self, "the port is free") {
      try Connection(port: server.port)
    }
    #expect(client.ends(within: 10), "the client notices")
    let fields = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    #expect(!fields.contains("State:\tZ"), "the run continues")
    kill(process, SIGKILL)
    withExtendedLifetime(server) {}
  }

  @Test func textsAreSurveyed() throws {
    let server = try Self.server()
    let survey = try server.post(
      "/v1/training/survey", "{\"texts\":[{\"name\":\"a\",\"text\":\"aab\\u00a0c\"}]}"
    ).object
    #expect(survey["characters"] as? Int == 5)
    #expect(survey["vocabulary_size"] as? Int == 4)
    let odd = survey["odd_characters"] as? [[String: Any]] ?? []
    #expect(odd.contains { ($0["name"] as? String)?.contains("U+00A0") == true })
  }

  @Test(arguments: ["../x", "", ".hidden", "a/b", "-rf", String(repeating: "a", count: 61)])
  func onlyPlainNamesAreAccepted(name: String) throws {
    let server = try Self.server()
    let body: [String: Any] = ["name": name, "texts": [["name": "a", "text": Self.text]]]
    let json = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
    #expect(try server.post("/v1/training", json).status == 400)
    #expect(try server.folder.contents().isEmpty)
  }

  @Test func trainingMustBeAllowed() throws {
    let server = try TestServer(["--models", "."]) { _ in }
    for path in ["/v1/training", "/v1/training/cat"] {
      #expect(try server.send("GET", path).status == 404)
    }
    #expect(try Self.start(server, minutes: 1).status == 404)
  }
}
