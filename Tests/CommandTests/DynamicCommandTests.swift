import Foundation
import Testing

/// `evaluate --dynamic` and `generate --adapt`, run as commands.
@Suite(.serialized) struct DynamicCommandTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
    // The model's characters, but in another order than in its training text.
    try charlm.write(String(repeating: "peels 3: ☃ eh, nip é\n", count: 60), to: "other.txt")
    try charlm.write(String(repeating: "pile 5: ☃ shine é\n", count: 20), to: "third.txt")
  }

  @Test func dynamicFiguresStandBesideTheStaticOnes() throws {
    let fixed = try #require(
      try charlm.run("evaluate", "model.safetensors", "other.txt", "--json").objects.first)
    let outcome = try charlm.run(
      "evaluate", "model.safetensors", "other.txt", "--dynamic", "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let object = try #require(outcome.objects.first)
    let added: Set = [
      "static_nats", "static_nats_per_character", "static_bits_per_character",
      "static_bits_per_byte", "dynamic_segment", "dynamic_rate", "dynamic_decay",
    ]
    #expect(Set(object.keys) == Set(fixed.keys).union(added))
    #expect(object["dynamic"] as? Bool == true && fixed["dynamic"] as? Bool == false)
    let nats = try #require(fixed["nats"] as? Double)
    #expect(object["static_nats"] as? Double == nats)
    // The text is repetitive, and the model was not trained on it.
    let dynamicNats = try #require(object["nats"] as? Double)
    #expect(dynamicNats < 0.98 * nats)
    #expect(object["tokens"] as? Int == fixed["tokens"] as? Int)
    let printed = try charlm.run("evaluate", "model.safetensors", "other.txt", "--dynamic")
    let heading = try #require(printed.output.split(separator: "\n").first)
    #expect(heading.split(separator: " ") == ["static", "dynamic"])
  }

  @Test func weightsThatDidWorseAreReported() throws {
    let (warning, arguments) = ("did worse than fixed ones", ["evaluate", "model.safetensors"])
    let better = try charlm.run(arguments + ["other.txt", "--dynamic"])
    #expect(!better.messages.contains(warning), "\(better.messages)")
    // What was there does not help with what comes.
    let characters = Array("line 0123456789: sheep")
    let noise = (1..<2_000).map { characters[$0 * $0 * 7_919 / 13 % characters.count] }
    try charlm.write(String(noise), to: "noise.txt")
    let worse = try charlm.run(arguments + ["noise.txt", "--dynamic", "--dynamic-rate", "5"])
    #expect(worse.status == 0)
    #expect(worse.messages.contains(warning), "\(worse.messages)\(worse.output)")
  }

  @Test func whatEachCharacterCostIsOfTheWeightsThatFollowed() throws {
    try charlm.write(String(repeating: "peels 3: ☃ eh, nip é\n", count: 59), to: "training.txt")
    let outcome = try charlm.run(
      "evaluate", "model.safetensors", "other.txt", "third.txt", "--dynamic", "--json",
      "--per-character", "all.tsv", "--html", "page.html", "--baselines", "training.txt")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let object = try #require(outcome.objects.first)
    let lines = try charlm.text("all.tsv").split(separator: "\n").dropFirst()
    let nats = lines.reduce(0) { sum, line in
      sum + Double(line.split(separator: "\t", omittingEmptySubsequences: false)[3])!
    }
    #expect(abs(nats - (object["nats"] as! Double)) < 1e-6)
    let files = try #require(object["files"] as? [[String: Any]])
    let fixed = files.reduce(0) { $0 + ($1["static_nats"] as! Double) }
    #expect(abs(fixed - (object["static_nats"] as! Double)) < 1e-6)
    #expect(try charlm.text("page.html").contains("fixed weights"))
    let printed = try charlm.run(
      "evaluate", "model.safetensors", "other.txt", "third.txt", "--dynamic", "--baselines",
      "training.txt")
    #expect(printed.output.hasPrefix("text "))
    #expect(printed.output.contains("% of the whole (dynamic)\n"), "\(printed.output)")
    #expect(
      printed.output.contains("(dynamic, 95 %: ") || printed.output.contains("too short for a 95 %")
    )
    for words in ["static bits per character  dynamic", "this model", "its weights following"] {
      #expect(printed.output.contains(words), "\(words): \(printed.output)")
    }
  }

  @Test func ratesThatAreNotGivenAreTuned() throws {
    let outcome = try charlm.run(
      "evaluate", "model.safetensors", "other.txt", "--dynamic", "--tune", "third.txt",
      "--dynamic-decay", "0.002", "--dynamic-segment", "10", "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let object = try #require(outcome.objects.first)
    #expect(object["dynamic_decay"] as? Double == 0.002)
    #expect(object["dynamic_segment"] as? Int == 10)
    // The search begins at 0.0005, and a repetitive text favors a larger rate.
    let rate = try #require(object["dynamic_rate"] as? Double)
    #expect(rate > 0.0005)
    #expect(outcome.messages.contains("nats per token of 'third.txt'"))
  }

  @Test func adaptedWeightsWriteInTheStyleOfTheText() throws {
    func generate(_ arguments: String...) throws -> String {
      let outcome = try charlm.run(
        ["generate", "model.safetensors", "--seed", "1", "--length", "100", "--temperature", "0"]
          + arguments)
      #expect(outcome.status == 0, "\(outcome.messages)")
      return outcome.output
    }
    let plain = try generate()
    let adapted = try generate("--adapt", "other.txt", "--dynamic-rate", "0.01")
    #expect(!plain.contains("peels") && adapted.contains("peels"), "\(adapted)")
    #expect(try generate("--adapt", "other.txt", "--dynamic-rate", "0") == plain)
  }

  @Test func adaptedWeightsDoAllThatOthersDo() throws {
    func generate(_ options: [String], status: Int32 = 0) throws -> String {
      let outcome = try charlm.run(
        ["generate", "model.safetensors", "--length", "60", "--quiet"] + options)
      #expect(outcome.status == status, "\(outcome.messages)")
      return outcome.output + outcome.messages
    }
    let adapting = ["--adapt", "other.txt", "--dynamic-rate", "0.01"]
    let greedy = adapting + ["--temperature", "0"]
    let whole = try generate(greedy + ["--warm-up", "third.txt"])
    // The state of adapted weights resumes with the same weights, which the same text gives again.
    let half = ["--length", "30"]
    let first = try generate(greedy + half + ["--warm-up", "third.txt", "--save-state", "state"])
    let second = try generate(greedy + half + ["--load-state", "state"])
    #expect(first + second == whole && whole.contains("peels"))
    #expect(
      try generate(["--load-state", "state"], status: 65).contains("(adapted to the same text)"))

    #expect(try generate(adapting + ["--beams", "3"]).contains("peels"))
    _ = try charlm.run(
      "train", "text.txt", "--output", "second.safetensors", "--hidden-size", "12", "--max-steps",
      "20", "--batch-size", "8", "--window", "16", "--quiet")
    let ensemble = ["--ensemble", "second.safetensors", "--temperature", "0"]
    #expect(try generate(ensemble) != generate(ensemble + adapting))
  }

  @Test func whatCannotBeDoneGivesOneSentence() throws {
    let inputs = [
      BadInput("evaluate model.safetensors other.txt --dynamic-rate 1", 64, "add --dynamic,"),
      BadInput("evaluate model.safetensors other.txt --tune third.txt", 64, "add --dynamic,"),
      BadInput("evaluate model.safetensors other.txt --dynamic --weights int8", 64, "int8"),
      BadInput(
        "evaluate model.safetensors other.txt --dynamic --dynamic-rate -1", 64, "--dynamic-rate"),
      BadInput(
        "evaluate model.safetensors other.txt --dynamic --dynamic-decay nan", 64, "--dynamic-decay"),
      BadInput("evaluate model.safetensors other.txt --dynamic --dynamic-segment 0", 64, "segment"),
      BadInput(
        "evaluate model.safetensors other.txt --dynamic --dynamic-rate 1e38", 65, "'other.txt'"),
      BadInput(
        "evaluate model.safetensors other.txt --dynamic --tune missing.txt", 66, "'missing.txt'"),
      BadInput("generate model.safetensors --dynamic-rate 1", 64, "add --adapt,"),
      BadInput("generate model.safetensors --adapt other.txt --weights int8", 64, "int8"),
      BadInput(
        "generate model.safetensors --ensemble model.safetensors --adapt other.txt --weights int8",
        64, "int8"
      ),
      BadInput("generate model.safetensors --adapt missing.txt", 66, "'missing.txt'"),
      BadInput("generate model.safetensors --adapt - --prompt-file -", 64, "'-'"),
      BadInput("generate model.safetensors --adapt other.txt --tune - --warm-up -", 64, "'-'"),
      BadInput(
        "generate model.safetensors --adapt other.txt --save-state other.txt", 64, "--save-state"),
      BadInput("generate model.safetensors --save-state no/folder/state", 73, "'no/folder/state'"),
      BadInput("evaluate model.safetensors - --dynamic --tune -", 64, "'-'"),
      BadInput("evaluate model.safetensors text.txt --dynamic --tune t --html t", 64, "--html"),
    ]
    try charlm.expectRefusal(of: inputs, options: ["--quiet"])
  }
}
