import Foundation
import Testing

/// The options of `charlm generate`, run as commands.
@Suite(.serialized) struct GenerateTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
  }

  private func generate(_ options: String..., input: String = "") throws -> Charlm.Outcome {
    try charlm.run(["generate", "model.safetensors"] + options, input: input)
  }

  private func text(_ options: String...) throws -> String {
    let outcome = try charlm.run(
      ["generate", "model.safetensors", "--json", "--quiet"] + options)
    #expect(outcome.status == 0, "\(outcome.messages)")
    return try #require(outcome.objects.first?["text"] as? String)
  }

  @Test func everyStepOfTheSamplerCanBeAskedFor() throws {
    let plain = try text("--seed", "3", "--length", "200", "--temperature", "2")
    for options in [
      ["--top-p", "0.5"], ["--min-p", "0.9"], ["--typical-p", "0.5"],
      ["--repetition-penalty", "2"], ["--presence-penalty", "2"], ["--frequency-penalty", "1"],
      ["--logit-bias", "e=3", "--logit-bias", " =-1"], ["--ban", "shé"],
    ] {
      let outcome = try charlm.run(
        ["generate", "model.safetensors", "--seed", "3", "--length", "200", "--temperature", "2"]
          + options + ["--json"])
      #expect(outcome.status == 0, "\(options): \(outcome.messages)")
      #expect(outcome.objects.first?["text"] as? String != plain, "\(options)")
    }
    #expect(try text("--mirostat", "1", "--mirostat-rate", "0.2", "--seed", "3").utf8.count >= 500)
    let banned = try text("--seed", "3", "--ban", "é", "--ban", "shn")
    #expect(!banned.unicodeScalars.contains { "éshn".unicodeScalars.contains($0) })
    // With a window of one only the last character is penalized.
    let scalars = Array(
      try text("--seed", "3", "--presence-penalty", "99", "--penalty-window", "1").unicodeScalars)
    #expect(zip(scalars, scalars.dropFirst()).allSatisfy { $0 != $1 })
  }

  /// Threads of the team treat subnormal numbers as 0.
  @Test(arguments: [["--top-p", "0"], ["--top-p", "1e-310"], ["--top-p", "5e-324"]])
  func noMassLeavesTheMostLikely(options: [String]) throws {
    let arguments = ["generate", "model.safetensors", "--length", "40", "--seed", "1", "--json"]
    let mostLikely = try charlm.run(arguments + ["--temperature", "0"]).objects[0]
    let expected = try #require(mostLikely["text"] as? String)
    for more in [[], ["--count", "2"], ["--weights", "int8"], ["--threads", "1"]] {
      let outcome = try charlm.run(arguments + options + more)
      #expect(outcome.status == 0, "\(outcome.messages)")
      if more != ["--weights", "int8"] {
        #expect(outcome.objects.allSatisfy { $0["text"] as? String == expected }, "\(more)")
      } else {
        let other = try charlm.run(arguments + ["--temperature", "0"] + more).objects[0]
        #expect(outcome.objects[0]["text"] as? String == other["text"] as? String)
      }
    }
    let banned = try charlm.run(arguments + options + ["--ban", "line"]).objects[0]
    #expect(!(banned["text"] as? String ?? "l").contains { "line".contains($0) })
  }

  @Test func theSmallestTypicalMassLeavesTheMostTypical() throws {
    let arguments = ["generate", "model.safetensors", "--length", "40", "--seed", "1", "--json"]
    let texts = try ["1e-310", "1e-300"].map {
      try charlm.run(arguments + ["--typical-p", $0]).objects[0]["text"] as? String
    }
    #expect(texts[0] != nil && texts[0] == texts[1])
  }

  @Test func aTextOfAnyLengthMayBeFinished() throws {
    let outcome = try charlm.run(
      "generate", "model.safetensors", "--length", "\(Int.max)", "--finish", "word", "--stop", "s",
      "--seed", "1", "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.objects.first?["finish_reason"] as? String == "stop")
  }

  @Test func everyOptionOfTheGuideExists() throws {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let guide = try String(
      contentsOf: root.appending(path: "docs/generating.md"), encoding: .utf8)
    let help = try ["train", "generate"].map { try charlm.run($0, "--help").output }.joined()
    let named = RecipePage.options(in: guide)
    #expect(named.count > 25)
    #expect(named.subtracting(RecipePage.options(in: help)).isEmpty)
  }

  @Test func textEndsAtStops() throws {
    let whole = try text("--seed", "4", "--length", "300", "--prompt", "line")
    let stop = String(whole.unicodeScalars.dropFirst(30).prefix(3))
    let place = whole.firstRange(of: stop)!.lowerBound
    let outcome = try generate(
      "--seed", "4", "--length", "300", "--prompt", "line", "--stop", "xyz", "--stop", stop,
      "--json")
    #expect(outcome.objects[0]["text"] as? String == String(whole[..<place]))
    #expect(outcome.objects[0]["finish_reason"] as? String == "stop")
    let streamed = try generate(
      "--seed", "4", "--length", "300", "--prompt", "line", "--stop", stop)
    #expect(streamed.output == "line" + whole[..<place])
    #expect(
      try text(
        "--seed", "4", "--length", "300", "--prompt", "line", "--stop", stop, "--min-length", "40"
      )
      .unicodeScalars.count >= 40)
    #expect(try generate("--seed", "4", "--stop-at-end", "--length", "20").status == 0)
  }

  @Test func textsMatchTheirPattern() throws {
    let pattern = #"(line|sheep) \d{2,}: [^\n\de]+"#
    let regex = try Regex(pattern).matchingSemantics(.unicodeScalar)
    for options in [
      [], ["--count", "4"], ["--best-of", "3"], ["--beams", "3"], ["--temperature", "0"],
      ["--top-k", "1"], ["--mirostat", "2"], ["--ban", "0123"], ["--stop", ":"], ["--stop-at-end"],
      ["--min-length", "17"],
    ] {
      let outcome = try charlm.run(
        ["generate", "model.safetensors", "--pattern", pattern, "--length", "18", "--json"]
          + options)
      #expect(outcome.status == 0, "\(options): \(outcome.messages)")
      #expect(outcome.objects.count == (options.first == "--count" ? 4 : 1))
      for object in outcome.objects {
        let text = try #require(object["text"] as? String)
        #expect(try regex.wholeMatch(in: text) != nil, "\(options): \(text)")
        #expect((options.first == "--min-length" ? 17...18 : 10...18) ~= text.unicodeScalars.count)
      }
    }
    let printed = try generate("--prompt", "line", "--pattern", " 7: é", "--quiet")
    #expect(printed.output == "line 7: é")
    let finished = try generate("--pattern", "sheep", "--json")
    #expect(finished.objects.first?["finish_reason"] as? String == "stop")
  }

  @Test func aSavedStateGoesOn() throws {
    let whole = try text("--temperature", "0", "--prompt", "line 3", "--length", "90")
    let first = try text(
      "--temperature", "0", "--prompt", "line 3", "--length", "40", "--save-state", "state")
    let second = try text("--temperature", "0", "--length", "50", "--load-state", "state")
    #expect(first + second == whole)
    try charlm.write("line 3", to: "context.txt")
    #expect(
      try text("--temperature", "0", "--length", "90", "--warm-up", "context.txt") == whole)
    let piped = try generate(
      "--temperature", "0", "--length", "90", "--warm-up", "-", input: "line 3")
    #expect(piped.output == whole)

    _ = try charlm.run(
      "train", "text.txt", "--output", "other.safetensors", "--hidden-size", "8", "--max-steps",
      "2", "--quiet")
    let refused = try charlm.run(
      "generate", "other.safetensors", "--load-state", "state", "--quiet")
    #expect(refused.status == 65 && refused.messages.contains("'state'"))
    #expect(try generate("--load-state", "model.safetensors").status == 65)
    #expect(try generate("--load-state", "missing").status == 66)
  }

  @Test func theBestSampleIsPrinted() throws {
    let samples = try generate("--seed", "7", "--count", "4", "--length", "40", "--json").objects
    let best = try #require(
      samples.min { $0["nats_per_token"] as! Double > $1["nats_per_token"] as! Double })
    let most = samples.min {
      ($0["nats_per_token"] as! Double) < ($1["nats_per_token"] as! Double)
    }!
    let chosen = try generate("--seed", "7", "--best-of", "4", "--length", "40", "--json").objects
    #expect(chosen.count == 1)
    #expect(chosen[0]["text"] as? String == most["text"] as? String)
    #expect(chosen[0]["seed"] as? Int == most["seed"] as? Int)
    #expect(best["text"] as? String != most["text"] as? String)
    let printed = try generate("--seed", "7", "--best-of", "4", "--length", "40")
    #expect(printed.output == most["text"] as? String)
  }

  @Test func beamsFindALikelierText() throws {
    func nats(_ options: String...) throws -> Double {
      let outcome = try charlm.run(
        ["generate", "model.safetensors", "--length", "30", "--json"] + options)
      #expect(outcome.status == 0, "\(outcome.messages)")
      return try #require(outcome.objects.first?["nats_per_token"] as? Double)
    }
    #expect(try nats("--beams", "8") <= nats("--temperature", "0"))
    let printed = try generate("--beams", "2", "--prompt", "line", "--length", "10")
    #expect(printed.output.hasPrefix("line") && printed.output.unicodeScalars.count == 14)
    #expect(!printed.messages.contains("--seed"))
  }

  /// Trains another model on the same text.
  private func trainSecondModel() throws {
    let outcome = try charlm.run(
      "train", "text.txt", "--output", "second.safetensors", "--hidden-size", "12", "--max-steps",
      "20", "--quiet", "--batch-size", "8", "--window", "16")
    #expect(outcome.status == 0, "\(outcome.messages)")
  }

  @Test func severalModelsWriteTogether() throws {
    try trainSecondModel()
    let alone = try text("--seed", "1", "--length", "80")
    let together = try text("--seed", "1", "--length", "80", "--ensemble", "second.safetensors")
    #expect(together != alone && together.unicodeScalars.count == 80)
    try charlm.write("to be or not to be", to: "small.txt")
    _ = try charlm.run("train", "small.txt", "--output", "small.safetensors", "--max-steps", "2")
    let refused = try generate("--ensemble", "small.safetensors", "--quiet")
    #expect(refused.status == 65)
    #expect(refused.messages.contains("'small.safetensors' has other characters"))
  }

  @Test func modelsOfInt8WriteTogether() throws {
    try trainSecondModel()
    func samples(_ options: String...) throws -> [(text: String, natsPerToken: Double)] {
      let outcome = try charlm.run(
        ["generate", "model.safetensors", "--length", "60", "--json", "--quiet"] + options)
      #expect(outcome.status == 0, "\(outcome.messages)")
      return outcome.objects.map { ($0["text"] as! String, $0["nats_per_token"] as! Double) }
    }
    let exact = try samples("--ensemble", "second.safetensors", "--seed", "1")
    let alone = try samples("--weights", "int8", "--seed", "1")
    let together = try samples(
      "--weights", "int8", "--ensemble", "second.safetensors", "--seed", "1")
    #expect(together[0].natsPerToken != exact[0].natsPerToken)
    #expect(together[0].natsPerToken != alone[0].natsPerToken)
    let twice = try samples("--weights", "int8", "--ensemble", "model.safetensors", "--seed", "1")
    #expect(twice[0].text == alone[0].text)
    #expect(abs(twice[0].natsPerToken - alone[0].natsPerToken) < 1e-5)
    // Samples generated in parallel equal those generated alone.
    let many = try samples(
      "--weights", "int8", "--ensemble", "second.safetensors", "--seed", "0", "--count", "2")
    #expect(many.map(\.text).last == together[0].text)
    let found = try samples("--weights", "int8", "--ensemble", "second.safetensors", "--beams", "3")
    #expect(found[0].natsPerToken < together[0].natsPerToken)
  }

  @Test func substitutedCharactersOfAPromptAreTold() throws {
    let outcome = try generate("--prompt", "LINÈ Ж", "--length", "1", "--seed", "1")
    #expect(outcome.output.hasPrefix("line \u{FFFD}"))
    #expect(outcome.messages.contains("read 'L' U+004C as 'l' U+006C"))
    #expect(outcome.messages.contains("('Ж' U+0416) of the prompt: read as unknown"))
  }

  @Test(arguments: [
    (["--top-p", "1.5"], "--top-p"), (["--min-p=-1"], "--min-p"),
    (["--typical-p", "0"], "--typical-p"),
    (["--mirostat", "99"], "--mirostat"), (["--mirostat-rate", "0.5"], "--mirostat"),
    (["--mirostat", "2", "--top-k", "3"], "--top-k"),
    (["--repetition-penalty", "0"], "--repetition-penalty"),
    (["--presence-penalty", "nan"], "--presence-penalty"),
    (["--penalty-window", "0"], "--penalty-window"),
    (["--logit-bias", "Ж=1"], "--logit-bias"), (["--logit-bias", "ee=1"], "--logit-bias"),
    (["--logit-bias", "e=1", "--logit-bias", "e=2"], "--logit-bias"),
    (["--logit-bias", "e=inf"], "--logit-bias"),
    (["--stop", ""], "--stop"), (["--min-length", "9", "--length", "8"], "--min-length"),
    (["--count", "2", "--save-state", "s"], "--save-state"),
    (["--beams", "2", "--temperature", "0.5"], "--temperature"),
    (["--beams", "2", "--seed", "1"], "--seed"), (["--beams", "0"], "--beams"),
    (["--best-of", "2", "--count", "2"], "--count"), (["--best-of", "0"], "--best-of"),
    (["--warm-up", "-", "--prompt-file", "-"], "Standard input"),
    (["--save-state", "model.safetensors"], "--save-state"),
    (["--ban", "\n 0123456789:eélinsphó☃"], "banned"),
    (["--pattern", "l("], "character 2"), (["--pattern", "l(?=i)"], "not supported"),
    (["--pattern", "li(x|n)Ж"], "'Ж' U+0416 at character 8"),
    (["--pattern", "l[xyz]"], "character 2"),
    (["--pattern", "line", "--length", "3"], "--length"),
    (["--pattern", "l|i", "--min-length", "2"], "--min-length"),
    (["--pattern", "line", "--ban", "n"], "banned"),
    (["--pattern", "((l{999}){999})"], "character 10"),
  ])
  func whatMeansNothingIsRefused(options: [String], word: String) throws {
    let model = try charlm.read("model.safetensors")
    let outcome = try charlm.run(["generate", "model.safetensors", "--quiet"] + options)
    charlm.expectRefusal(outcome, status: 64, words: [word])
    #expect(try charlm.read("model.safetensors") == model)
  }
}
