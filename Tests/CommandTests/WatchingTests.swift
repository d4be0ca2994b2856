import Foundation
import Testing

/// The outputs of a run for its observers, and fine-tuning, as commands.
@Suite(.serialized) struct WatchingTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
  }

  static let small = [
    "--hidden-size", "16", "--batch-size", "8", "--window", "16", "--evaluate-every", "30",
  ]

  @Test func aLogOfAnotherFormatThanItsNameSaysIsNoted() throws {
    let run = ["train", "text.txt", "-o", "m", "--max-steps", "2", "--hidden-size", "4", "--log"]
    let noted = try charlm.run(run + ["events.csv"])
    #expect(noted.status == 0, "\(noted.messages)")
    #expect(noted.messages.contains("'events.csv' gets JSON lines, not comma"), "\(noted.messages)")
    #expect(try !charlm.run(run + ["events.jsonl"]).messages.contains("JSON lines"))
    // Every event has the step, so that a table of them has no gap.
    for line in try charlm.text("events.jsonl").split(separator: "\n") {
      #expect(line.contains(#","step":"#), "\(line)")
    }
  }

  @Test func everyWatcherIsTold() throws {
    try charlm.write("what an earlier run left\n", to: "run.jsonl")
    let outcome = try charlm.run(
      ["train", "text.txt", "--output", "watched.safetensors", "--max-steps", "100", "--json"]
        + ["--log", "run.jsonl", "--plot", "loss.svg", "--tensorboard", "runs/first"]
        + ["--sample-every", "40"] + Self.small)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(try charlm.text("run.jsonl") == outcome.output)
    let samples = outcome.objects.filter { $0["event"] as? String == "sample" }
    #expect(samples.map { $0["step"] as? Int } == [40, 80])
    #expect(samples.allSatisfy { ($0["text"] as? String)?.unicodeScalars.count == 200 })
    #expect(outcome.messages.contains("step 80, a sample:\n    "))
    #expect(!outcome.messages.contains("\u{1B}"))

    let plot = try charlm.text("loss.svg")
    #expect(plot.split(separator: "<polyline").count == 1 + 2)
    #expect(plot.split(separator: "<circle").count == 1 + 4 + 1)  // 30, 60, 90, 100, legend
    #expect(plot.contains("prefers-color-scheme:dark"))
    #expect(plot.contains("<title>watched.safetensors: lstm 1 x 16, seed 1</title>"))

    let names = try FileManager.default.contentsOfDirectory(
      atPath: charlm.url("runs/first").path)
    #expect(names.count == 1)
    let events = try charlm.read("runs/first/\(names[0])")
    for tag in ["train/nats_per_token", "validation/bits_per_character", "sample"] {
      #expect(events.firstRange(of: Array(tag.utf8)) != nil)
    }

    let report = try charlm.run("inspect", "watched.safetensors").output
    #expect(report.contains("nats per token, step 30 to "))
  }

  @Test func watchingChangesNothing() throws {
    let train = ["train", "text.txt", "--max-steps", "40", "--quiet"] + Self.small
    for options in [
      ["--output", "alone.safetensors"],
      ["--output", "watched.safetensors", "--sample-every", "7", "--log", "l", "--plot", "p"],
    ] {
      #expect(try charlm.run(train + options).status == 0)
    }
    func parameters(_ name: String) throws -> ArraySlice<UInt8> {
      // The metadata contains times; the tensors come after the header.
      let bytes = try charlm.read(name)
      return bytes.suffix(from: 8 + bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) })
    }
    #expect(try parameters("alone.safetensors") == parameters("watched.safetensors"))
  }

  @Test func aModelGoesOnWithNewCharacters() throws {
    try charlm.write(String(repeating: "ship 7: Ωmega & é\n", count: 300), to: "new.txt")
    let outcome = try charlm.run(
      "train", "new.txt", "--from", "model.safetensors", "--output", "tuned.safetensors",
      "--max-steps", "150", "--learning-rate", "0.01")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(
      outcome.messages.contains("'model.safetensors': 5 new characters after its 24 tokens"),
      "\(outcome.messages)")
    #expect(outcome.messages.contains(": & a g m Ω\n"), "\(outcome.messages)")

    // Old tokens keep their meaning; a text of known characters is encoded the same.
    let ids = try ["model.safetensors", "tuned.safetensors"].map {
      try charlm.run("tokenize", $0, "text.txt").output
    }
    #expect(ids[0] == ids[1])
    let report = try charlm.run("inspect", "tuned.safetensors").output
    #expect(report.contains("batch 8, window 16"))
    #expect(report.contains("adam 0.01, cosine, warm-up 50"))
    #expect(report.contains("from a model of 40 steps"))
    let score = try charlm.run("evaluate", "tuned.safetensors", "new.txt", "--json").objects[0]
    #expect(score["unknown_characters"] as? Int == 0)
    let nats = try #require(score["nats_per_character"] as? Double)
    #expect(nats < 0.5)
  }

  /// How another text was split says nothing about this one.
  @Test func theSplitOfTheModelsTextIsNotTakenOver() throws {
    let small = ["--hidden-size", "8", "--batch-size", "4", "--window", "8", "--quiet"]
    #expect(
      try charlm.run(
        ["train", "text.txt", "--output", "base", "--max-steps", "5"] + small
          + ["--validation-fraction", "0.3", "--validation-split", "interleaved"]
      ).status == 0)
    #expect(
      try charlm.run(
        "train", "text.txt", "--from", "base", "--output", "tuned", "--max-steps", "5", "--quiet"
      ).status == 0)
    let object = try charlm.run("inspect", "tuned", "--json").objects[0]
    let training = try #require(object["training"] as? [String: Any])
    let configuration = try #require(training["configuration"] as? [String: Any])
    #expect(configuration["validation_fraction"] as? Double == 0.1)
    #expect(configuration["validation_split"] as? String != "interleaved")
  }

  @Test func aTextWithoutNewCharactersSaysSo() throws {
    let outcome = try charlm.run(
      "train", "text.txt", "--from", "model.safetensors", "--output", "tuned.safetensors",
      "--max-steps", "2", "--optimizer", "sgd", "--schedule", "constant")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("no new characters; the vocabulary stays at 24 tokens"))
    // The other optimizer's learning rate would not suit this one.
    #expect(
      try charlm.run("inspect", "tuned.safetensors").output.contains("sgd 10.0, constant"))
  }

  static let badInputs = [
    BadInput("--log text.txt", 64, "--log 'text.txt'"),
    BadInput("--log other.safetensors", 64, "--log 'other.safetensors'"),
    BadInput("--log same --plot same", 64, "--plot 'same'"),
    BadInput("--plot missing/loss.svg", 73, "missing/loss.svg"),
    BadInput("--tensorboard text.txt", 64, "text.txt"),
    BadInput("--sample-every=-1", 64, "--sample-every is -1"),
    BadInput("--from missing.safetensors", 66, "'missing.safetensors'"),
    BadInput("--from text.txt", 65, "'text.txt'"),
    BadInput("--from model.safetensors --hidden-size 32", 64, "--hidden-size is 32", "it is 16"),
    BadInput("--from model.safetensors --cell gru", 64, "--cell is gru", "lstm"),
    BadInput("--from model.safetensors --tie-embeddings", 64, "--tie-embeddings", "not tied"),
    BadInput("--from model.safetensors --layer-norm rms", 64, "--layer-norm is rms", "it is none"),
    BadInput(
      "--from model.safetensors --residual", 64, "--residual is given", "do not add their inputs"),
    BadInput(
      "--from model.safetensors --output-bias zero", 64, "--output-bias", "new weights"),
    BadInput("--from model.safetensors --unit byte", 64, "--unit is byte", "scalar"),
    BadInput("--from model.safetensors --case-fold", 64, "--case-fold"),
    BadInput("--from model.safetensors --forget-bias 1", 64, "--forget-bias", "new weights"),
    BadInput("--from model.safetensors --min-count 0", 64, "--min-count"),
    BadInput("--from model.safetensors --log model.safetensors", 64, "--log 'model.safetensors'"),
    BadInput(
      "--from model.safetensors --output model.safetensors", 64, "--output 'model.safetensors'"),
  ]

  @Test func badInputGivesOneSentence() throws {
    let model = try charlm.read("model.safetensors")
    let source = try charlm.read("text.txt")
    let (own, others) = (
      Self.badInputs.filter { $0.arguments.contains("--output") },
      Self.badInputs.filter { !$0.arguments.contains("--output") }
    )
    let train = "train text.txt --quiet --max-steps 2"
    try charlm.expectRefusal(of: own, after: train)
    try charlm.expectRefusal(of: others, after: train + " --output other.safetensors")
    #expect(try charlm.read("model.safetensors") == model)
    #expect(try charlm.read("text.txt") == source)
  }
}
