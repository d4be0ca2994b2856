import Hummingbird
import NIOCore
import Serving

extension ServerService {
  private struct RunList: Encodable {
    let object = "list"
    let data: [TrainingRun]
  }

  /// The largest body with texts to train on.
  private static let mostTextBytes = 64 << 20

  /// `/v1/training`, if it is allowed.
  func addTraining(to router: Router<ServerContext>) {
    router.get("/v1/training") { _, _ in
      JSON.response(RunList(data: try await runs.all()))
    }
    router.post("/v1/training/survey") { request, _ in
      _ = try runs
      var body = try await Self.object(in: request, upTo: Self.mostTextBytes)
      let texts = try Self.texts(&body)
      try body.rejectUnreadFields()
      return JSON.response(TextSurvey(texts.map(\.text)))
    }
    router.post("/v1/training") { request, _ in
      let runs = try runs
      var body = try await Self.object(in: request, upTo: Self.mostTextBytes)
      let (name, texts) = try (body.string("name") ?? "", Self.texts(&body))
      let minutes = try body.number("minutes", in: TrainingRuns.minutes) ?? 3
      try body.rejectUnreadFields()
      return JSON.response(
        try await runs.start(name: name, texts: texts, minutes: minutes), status: .created)
    }
    router.get("/v1/training/{id}") { _, context in
      JSON.response(try await runs.run(context.parameters.require("id")))
    }
    router.post("/v1/training/{id}/pause") { _, context in
      JSON.response(try await runs.pause(context.parameters.require("id")))
    }
    router.post("/v1/training/{id}/resume") { _, context in
      JSON.response(try await runs.resume(context.parameters.require("id")))
    }
    router.post("/v1/training/{id}/stop") { _, context in
      JSON.response(try await runs.stop(context.parameters.require("id")))
    }
    router.get("/v1/training/{id}/events") { _, context in
      let (runs, id) = (try runs, try context.parameters.require("id"))
      _ = try await runs.run(id)
      return EventStream.response(context.channel) { events in
        var position = 0
        while true {
          let (lines, end, isLast) = try await runs.log(id, from: position)
          for line in lines { try await events.send(ByteBuffer(string: line)) }
          position = end
          if isLast { break }
          try await Task.sleep(for: Self.pollInterval)
        }
      }
    }
  }

  private static let pollInterval = Duration.milliseconds(300)

  private var runs: TrainingRuns {
    get throws {
      guard let training else {
        throw APIError(
          .notFound, "Training is not allowed: start the server with training allowed.")
      }
      return training
    }
  }

  private static func texts(_ body: inout JSONObject) throws -> [TrainingRuns.Text] {
    guard let values = try body.array("texts"), !values.isEmpty else {
      throw ServingError.invalid(
        parameter: "texts", reason: "There is no text: give at least one as 'texts'.")
    }
    return try values.map { value in
      guard var object = JSONObject(value), let text = try object.string("text") else {
        throw ServingError.invalid(
          parameter: "texts", reason: "'texts' is not valid: give a list of names and texts.")
      }
      let name = try object.string("name") ?? "text"
      try object.rejectUnreadFields()
      return TrainingRuns.Text(name: name, text: text)
    }
  }
}
