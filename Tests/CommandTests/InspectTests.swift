import Foundation
import Testing

/// `charlm inspect` of one model and of several.
@Suite(.serialized) struct InspectTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
    // The same weights with another record of training, and other weights.
    try train("again.safetensors", "--seed", "1", "--hidden-size", "16", "--evaluate-every", "40")
    try train("other.safetensors", "--seed", "2", "--cell", "gru", "--hidden-size", "12")
  }

  private func train(_ name: String, _ options: String...) throws {
    let outcome = try charlm.run(
      [
        "train", "text.txt", "--output", name, "--max-steps", "40", "--batch-size", "8",
        "--window", "16", "--quiet",
      ] + options)
    #expect(outcome.status == 0, "\(outcome.messages)")
  }

  static let files = ["model.safetensors", "again.safetensors", "other.safetensors"]

  @Test func severalModelsHaveARowEach() throws {
    let outcome = try charlm.run(["inspect"] + Self.files)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(rows.count == 4 && rows[0].first == "model")
    let objects = try charlm.run(["inspect", "--json"] + Self.files).objects
    #expect(objects.map { $0["file"] as? String } == Self.files)
    for (row, object) in zip(rows.dropFirst(), objects) {
      #expect(String(row[0]) == object["file"] as? String)
      let training = try #require(object["training"] as? [String: Any])
      let nats = try #require(training["validation_nats_per_token"] as? Double)
      #expect(abs(try #require(Double(row[8])) - nats) < 5e-5)
      #expect((object["weights_sha256"] as? String)?.hasPrefix(row[9]) == true)
    }
    #expect(rows[1][1...4].joined(separator: " ") == "lstm 1 x 16")
    #expect(rows[3][1...4].joined(separator: " ") == "gru 1 x 12" && rows[3][7] == "2")
  }

  @Test func theDigestIsThatOfTheWeightsAlone() throws {
    let objects = try charlm.run(["inspect", "--json"] + Self.files).objects
    let digests = objects.map { $0["weights_sha256"] as? String }
    #expect(try charlm.read("model.safetensors") != charlm.read("again.safetensors"))
    #expect(digests[0]?.count == 64 && digests[0] == digests[1] && digests[0] != digests[2])
    let report = try charlm.run("inspect", "model.safetensors").output
    #expect(report.contains("SHA-256 of weights  \(try #require(digests[0]))\n"))
    // The object of one file is that of several.
    let alone = try charlm.run("inspect", "model.safetensors", "--json").objects
    #expect(alone.count == 1 && Set(alone[0].keys) == Set(objects[0].keys))
    for key in ["bytes", "parameters", "network", "tokenizer", "training", "tensors"] {
      #expect(alone[0][key] != nil, "\(key)")
    }
  }

  /// Of a path only the file's name is recorded.
  @Test func aModelNamesItsTextsAndTheModelThatItContinues() throws {
    try FileManager.default.createDirectory(
      at: charlm.url("secret"), withIntermediateDirectories: false)
    for name in ["text.txt", "model.safetensors"] {
      try FileManager.default.copyItem(at: charlm.url(name), to: charlm.url("secret/\(name)"))
    }
    try charlm.write(String(repeating: "line 3: sheep\n", count: 40), to: "more.txt")
    let trained = try charlm.run(
      "train", charlm.folder.path("secret/text.txt"), "more.txt", "--validation-file", "more2.txt",
      "--from", "secret/model.safetensors", "--output", "continued.safetensors", "--max-steps",
      "2", "--batch-size", "4", "--window", "8", "--quiet")
    #expect(trained.status == 66)
    try charlm.write(String(repeating: "line 4: sheep\n", count: 40), to: "more2.txt")
    let again = try charlm.run(
      "train", charlm.folder.path("secret/text.txt"), "more.txt", "--validation-file", "more2.txt",
      "--from", "secret/model.safetensors", "--output", "continued.safetensors", "--max-steps",
      "2", "--batch-size", "4", "--window", "8", "--quiet")
    #expect(again.status == 0, "\(again.messages)")
    #expect(
      try !String(decoding: charlm.read("continued.safetensors"), as: UTF8.self)
        .contains("secret"))

    let objects = try charlm.run(
      "inspect", "--json", "continued.safetensors", "model.safetensors"
    ).objects
    let sources = try objects.map {
      try #require(($0["training"] as? [String: Any])?["sources"] as? [String: Any])
    }
    let texts = try #require(sources[0]["texts"] as? [[String: Any]])
    #expect(texts.map { $0["name"] as? String } == ["text.txt", "more.txt"])
    #expect(try texts.map { $0["byte_count"] as? Int } == [charlm.read("text.txt").count, 560])
    #expect((sources[0]["validation_text"] as? [String: Any])?["name"] as? String == "more2.txt")
    let base = try #require(sources[0]["base"] as? [String: String])
    #expect(base["name"] == "model.safetensors")
    #expect(base["weights_sha256"] == objects[1]["weights_sha256"] as? String)
    #expect(sources[1]["base"] == nil)

    let report = try charlm.run("inspect", "continued.safetensors").output
    for words in ["text.txt, 12,117 bytes, SHA-256", "more2.txt", "trained from"] {
      #expect(report.contains(words), "\(report)")
    }
    let table = try charlm.run("inspect", "continued.safetensors", "model.safetensors").output
    let rows = table.split(separator: "\n")
    #expect(rows[1].hasSuffix("  text.txt and 1 more, from model.safetensors"), "\(table)")
    #expect(rows[2].hasSuffix("  text.txt"), "\(table)")
  }

  @Test func aFileThatIsNoModelDoesNotHideTheOthers() throws {
    let kept = try charlm.run(
      "train", "text.txt", "--output", "m", "--checkpoint", "kept", "--max-steps", "3",
      "--hidden-size", "6", "--quiet")
    #expect(kept.status == 0, "\(kept.messages)")
    let files = ["model.safetensors", "text.txt", "kept", "missing"]
    let outcome = try charlm.run(["inspect"] + files)
    #expect(outcome.status == 66)
    #expect(
      outcome.messages.contains("'text.txt' is a text") && outcome.messages.contains("'missing'"))
    #expect(outcome.messages.split(separator: "\n").allSatisfy { $0.hasPrefix("charlm: ") })
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(rows.map { $0[0] } == ["model", "model.safetensors", "kept"], "\(outcome.output)")
    #expect(rows[2].contains("checkpoint") && rows[2].contains("lstm"))
    let objects = try charlm.run(["inspect", "--json"] + files)
    #expect(objects.status == 66)
    #expect(objects.objects.map { $0["file"] as? String } == ["model.safetensors", "kept"])
    try charlm.expectRefusal(of: [BadInput("text.txt", 65, "'text.txt'")], after: "inspect")
  }
}
