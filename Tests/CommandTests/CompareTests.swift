import Foundation
import Testing

/// `charlm compare`, run as a command.
@Suite(.serialized) struct CompareTests {
  let charlm: Charlm

  private static let models = ["model.safetensors", "second.safetensors", "third.safetensors"]

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
    try charlm.write(String(repeating: "peels 3: ☃ eh, nip\n", count: 1_100), to: "other.txt")
    try train("second.safetensors")
    try train("third.safetensors", "--unit", "byte")
  }

  private func train(_ name: String, _ options: String...) throws {
    let outcome = try charlm.run(
      [
        "train", "text.txt", "--output", name, "--hidden-size", "12", "--max-steps", "10",
        "--batch-size", "8", "--window", "16", "--quiet",
      ] + options)
    #expect(outcome.status == 0, "\(outcome.messages)")
  }

  @Test func everyModelHasARowAndEveryPairADifference() throws {
    let arguments = ["compare"] + Self.models + ["--text", "other.txt", "text.txt"]
    let outcome = try charlm.run(arguments + ["--json"])
    #expect(outcome.status == 0, "\(outcome.messages)")
    let object = try #require(outcome.objects.first)
    let models = try #require(object["models"] as? [[String: Any]])
    #expect(models.map { $0["file"] as? String } == Self.models)
    let figures = try models.map { try #require($0["nats_per_character"] as? Double) }
    #expect(models.map { $0["best"] as? Bool } == figures.map { $0 == figures.min() })
    for (model, figure) in zip(Self.models, figures) {
      let alone = try charlm.run("evaluate", model, "other.txt", "text.txt", "--json")
      #expect(alone.objects.first?["nats_per_character"] as? Double == figure)
    }
    let pairs = try #require(object["differences"] as? [[String: Any]])
    #expect(pairs.count == 3)
    for pair in pairs {
      let (first, second) = (pair["first"] as! String, pair["second"] as! String)
      func figure(_ name: String) -> Double { figures[Self.models.firstIndex(of: name)!] }
      let difference = try #require(pair["nats_per_character"] as? Double)
      #expect(abs(difference - figure(first) + figure(second)) < 1e-9)
      let error = try #require(pair["standard_error"] as? Double)
      #expect(pair["differ"] as? Bool == (abs(difference) > 2 * error))
    }

    let plain = try charlm.run(arguments)
    let lines = plain.output.split(separator: "\n")
    #expect(lines.count == 4 && lines[0].hasPrefix("model "))
    #expect(lines.count { $0.hasSuffix("  best") } == 1)
    #expect(lines.count { $0.hasSuffix("  worse") || $0.hasSuffix("  no difference") } == 2)
    let blocks = try #require(object["blocks"] as? Int)
    #expect(plain.messages.hasSuffix("characters in \(blocks) blocks of 1,000\n"))
  }

  @Test func equalModelsDoNotDiffer() throws {
    let outcome = try charlm.run(
      "compare", "model.safetensors", "model.safetensors", "--text", "other.txt", "text.txt")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[1].hasSuffix("  best") && lines[2].hasSuffix("  0.00000  no difference"))
  }

  @Test func aShortTextHasNoStandardError() throws {
    let arguments = ["compare", "model.safetensors", "second.safetensors", "--text", "text.txt"]
    let lines = try charlm.run(arguments).output.split(separator: "\n")
    #expect(lines.contains { $0.hasSuffix("  text too short") })
    let object = try #require(try charlm.run(arguments + ["--json"]).objects.first)
    let pair = try #require((object["differences"] as? [[String: Any]])?.first)
    #expect(pair["standard_error"] is NSNull && pair["differ"] is NSNull)
  }

  @Test func whatCannotBeComparedIsRefused() throws {
    try train("decomposed.safetensors", "--normalization", "nfd")
    let inputs = [
      BadInput(
        "model.safetensors decomposed.safetensors --text text.txt", 65,
        "'decomposed.safetensors' reads 'text.txt'",
        "than 'model.safetensors' does", "normalization"),
      BadInput(
        "model.safetensors missing.safetensors --text text.txt", 66, "'missing.safetensors'"),
      BadInput("model.safetensors second.safetensors --text - -", 64, "Standard input"),
      BadInput("model.safetensors text.txt --text text.txt", 65, "'text.txt'"),
    ]
    try charlm.expectRefusal(of: inputs, after: "compare", options: ["--quiet"])
    let alone = try charlm.run("compare", "model.safetensors", "--text", "text.txt")
    #expect(alone.status == 64 && alone.messages.contains("two or more model files"))
  }
}
