import Foundation
import Testing

/// `charlm evaluate --ensemble`, run as a command.
@Suite(.serialized) struct EvaluationEnsembleTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
    let outcome = try charlm.run(
      "train", "text.txt", "--output", "second.safetensors", "--hidden-size", "12", "--max-steps",
      "20", "--batch-size", "8", "--window", "16", "--quiet")
    #expect(outcome.status == 0, "\(outcome.messages)")
    // Enough for an interval, with an unknown character.
    try charlm.write(
      "Ω" + String(repeating: "peels 3: ☃ eh, nip é\n", count: 1_000), to: "other.txt")
  }

  private func evaluate(_ models: [String], _ options: String...) throws -> [String: Any] {
    try evaluate(models, options)
  }

  private func evaluate(_ models: [String], _ options: [String]) throws -> [String: Any] {
    let outcome = try charlm.run(
      ["evaluate", models[0], "other.txt", "--json"] + options
        + models.dropFirst().flatMap { ["--ensemble", $0] })
    #expect(outcome.status == 0, "\(outcome.messages)")
    return try #require(outcome.objects.first)
  }

  /// The nats of each character.
  private func costs(_ table: String) throws -> [Double] {
    try charlm.text(table).split(separator: "\n").dropFirst().map {
      Double($0.split(separator: "\t", omittingEmptySubsequences: false)[3])!
    }
  }

  @Test func twoModelsCostTheMeanOfTheirProbabilities() throws {
    let (one, two) = ("model.safetensors", "second.safetensors")
    let first = try evaluate([one], "--per-character", "one.tsv")
    let second = try evaluate([two], "--per-character", "two.tsv")
    let both = try evaluate(
      [one, two], "--per-character", "both.tsv", "--html", "both.html", "--baselines", "text.txt")
    let nats = try zip(costs("one.tsv"), costs("two.tsv")).map {
      -log((exp(-$0) + exp(-$1)) / 2)
    }
    let found = try costs("both.tsv")
    #expect(found.count == 21_001 && nats.count == found.count)
    #expect(zip(found, nats).allSatisfy { abs($0 - $1) < 1e-9 })
    let sum = try #require(both["nats"] as? Double)
    #expect(abs(sum - nats.reduce(0, +)) < 1e-6)
    #expect(abs(sum - (first["nats"] as! Double)) > 1 && abs(sum - (second["nats"] as! Double)) > 1)
    let names = (both["models"] as? [[String: Any]])?.map { $0["file"] as? String }
    #expect(names == [one, two])
    #expect(
      Set(both.keys).subtracting(first.keys) == [
        "models", "baselines", "baseline_characters", "baselines_complete",
      ])
    #expect((both["interval"] as? [String: Any])?["blocks"] as? Int == 21)
    #expect((both["files"] as? [[String: Any]])?.first?["nats"] as? Double == sum)
    #expect(
      try charlm.text("both.html").contains(
        "<title>model.safetensors, second.safetensors on other.txt</title>"))

    let reversed = try #require(try evaluate([two, one])["nats"] as? Double)
    // Without candidates to rank, the text is scored in lanes, which agrees up to rounding.
    #expect(abs(reversed - sum) < 1e-4)
    let alone = try #require(first["nats"] as? Double)
    let twice = try #require(try evaluate([one, one])["nats"] as? Double)
    #expect(abs(twice - alone) < 1e-4)
  }

  @Test func theTextIsShownAsTheModelsSeeItTogether() throws {
    var charlm = charlm
    charlm.environment["NO_COLOR"] = "1"
    let outcome = try charlm.run(
      "evaluate", "model.safetensors", "other.txt", "--ensemble", "second.safetensors", "--color",
      "--baselines", "text.txt")
    #expect(outcome.output.hasPrefix(try charlm.text("other.txt") + "\ncharacters"))
    #expect(outcome.output.contains("these 2 models"))
  }

  @Test func everyModelFollowsTheTextByItself() throws {
    let (one, two) = ("model.safetensors", "second.safetensors")
    let models = [one, two]
    for (index, model) in models.enumerated() {
      _ = try evaluate([model], "--dynamic", "--per-character", "\(index).tsv")
    }
    let both = try evaluate(models, "--dynamic", "--per-character", "both.tsv")
    let nats = try zip(costs("0.tsv"), costs("1.tsv")).map { -log((exp(-$0) + exp(-$1)) / 2) }
    #expect(try zip(costs("both.tsv"), nats).allSatisfy { abs($0 - $1) < 1e-9 })
    let fixed = try #require(try evaluate(models)["nats"] as? Double)
    #expect(both["static_nats"] as? Double == fixed)
    let settings = try #require(both["models"] as? [[String: Any]])
    #expect(settings.map { $0["dynamic_rate"] as? Double } == [0.0005, 0.0005])
    #expect(both["dynamic_rate"] == nil)
  }

  @Test func everyModelIsTunedByItself() throws {
    let (one, two) = ("model.safetensors", "second.safetensors")
    try charlm.write(String(repeating: "pile 5: ☃ shine é\n", count: 20), to: "third.txt")
    // Only a few, because each is scored with adapting weights.
    try charlm.write(String(repeating: "peels 3: ☃ eh, nip é\n", count: 30), to: "other.txt")
    let tuning = ["--dynamic", "--tune", "third.txt", "--dynamic-segment", "5"]
    func settings(_ object: [String: Any]) -> [Double?] {
      ["dynamic_rate", "dynamic_decay"].map { object[$0] as? Double }
    }
    var alone: [[Double?]] = []
    for (index, model) in [one, two].enumerated() {
      let object = try evaluate([model], tuning + ["--per-character", "\(index).tsv"])
      alone.append(settings(object))
    }
    #expect(alone[0] != alone[1], "models that want the same rates prove nothing")
    let outcome = try charlm.run(
      ["evaluate", one, "other.txt", "--ensemble", two, "--json", "--per-character", "both.tsv"]
        + tuning)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let both = try #require(outcome.objects.first)
    #expect((both["models"] as? [[String: Any]])?.map(settings) == alone)
    let nats = try zip(costs("0.tsv"), costs("1.tsv")).map { -log((exp(-$0) + exp(-$1)) / 2) }
    #expect(try zip(costs("both.tsv"), nats).allSatisfy { abs($0 - $1) < 1e-9 })
    for model in [one, two] {
      #expect(outcome.messages.contains("'\(model)', rate 0.0005, "), "\(outcome.messages)")
    }
  }

  @Test func modelsOfInt8PredictTogether() throws {
    let (one, two) = ("model.safetensors", "second.safetensors")
    let int8 = ["--weights", "int8"]
    for (index, model) in [one, two].enumerated() {
      _ = try evaluate([model], int8 + ["--per-character", "\(index).tsv"])
    }
    let both = try evaluate([one, two], int8 + ["--per-character", "both.tsv"])
    let nats = try zip(costs("0.tsv"), costs("1.tsv")).map { -log((exp(-$0) + exp(-$1)) / 2) }
    #expect(try zip(costs("both.tsv"), nats).allSatisfy { abs($0 - $1) < 1e-9 })
    let sum = try #require(both["nats"] as? Double)
    let exact = try #require(try evaluate([one, two])["nats"] as? Double)
    #expect(sum != exact && abs(sum - exact) < 0.01 * exact)
  }

  @Test func whatCannotPredictTogetherIsRefused() throws {
    try charlm.write("to be or not to be", to: "small.txt")
    _ = try charlm.run(
      "train", "small.txt", "--output", "small.safetensors", "--max-steps", "2", "--hidden-size",
      "4")
    let inputs = [
      BadInput("--ensemble small.safetensors", 65, "'small.safetensors' has other characters than"),
      BadInput("--ensemble missing.safetensors", 66, "'missing.safetensors'"),
      BadInput("--ensemble second.safetensors --html second.safetensors", 64, "--html"),
      BadInput("--ensemble second.safetensors --weights int8 --dynamic", 64, "int8"),
    ]
    try charlm.expectRefusal(
      of: inputs, after: "evaluate model.safetensors other.txt", options: ["--quiet"])
  }
}
