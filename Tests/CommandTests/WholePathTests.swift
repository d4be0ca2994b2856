import Foundation
import Testing

/// Train, generate, evaluate, inspect and tokenize, run as commands.
@Suite(.serialized) struct WholePathTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
  }

  @Test func trainingTellsEventsAsJSON() throws {
    let outcome = try charlm.run(
      "train", "text.txt", "--output", "other.safetensors", "--hidden-size", "16", "--epochs", "5",
      "--batch-size", "8", "--window", "16", "--evaluate-every", "60", "--json")
    #expect(outcome.status == 0)
    let objects = outcome.objects
    #expect(objects.count == outcome.output.split(separator: "\n").count)
    let names = objects.map { $0["event"] as? String }
    #expect(names.first == "started")
    #expect(Set(names) == ["started", "step", "validation", "finished"])
    #expect(names.last == "finished")
    let step = try #require(objects.first { $0["event"] as? String == "step" })
    #expect(
      Set(step.keys) == [
        "event", "step", "epoch", "train_nats_per_token", "learning_rate", "gradient_norm",
        "characters_per_second", "seconds",
      ])
    let validations = objects.filter { $0["event"] as? String == "validation" }
    #expect(
      Set(validations[0].keys) == [
        "event", "step", "nats_per_token", "bits_per_character", "best", "seconds",
      ])
    let times = objects.compactMap { $0["seconds"] as? Double }
    #expect(times == times.sorted() && times.count == objects.count - 1)  // all but the first event
    let finished = objects.last!
    #expect(
      Set(finished.keys) == [
        "event", "reason", "step", "steps", "parameters", "vocabulary_size", "characters_seen",
        "seconds",
        "characters_per_second", "validation_nats_per_token", "validation_tokens", "best_step",
        "peak_memory_bytes",
      ])
    #expect(finished["reason"] as? String == "epochs")
    // A tenth of 577 lines of 18 characters, rounded up.
    #expect(finished["validation_tokens"] as? Int == 1_039)
    #expect(finished["peak_memory_bytes"] as! Int > 1_000_000)
    let scores = validations.map { $0["nats_per_token"] as! Double }
    #expect(finished["validation_nats_per_token"] as? Double == scores.min())

    // The saved model's score on the validation text is the one that training reported.
    let text = try String(decoding: charlm.read("text.txt"), as: UTF8.self)
    try charlm.write(String(text.unicodeScalars.suffix(1_039)), to: "tail.txt")
    let evaluation = try charlm.run("evaluate", "other.safetensors", "tail.txt", "--json")
    let nats = evaluation.objects[0]["nats_per_character"] as! Double
    #expect(abs(nats - scores.min()!) < 1e-9)
  }

  @Test func theSplitChoosesWhereNotHowMuchIsKeptForValidation() throws {
    func finished(_ split: String) throws -> [String: Any] {
      let outcome = try charlm.run(
        "train", "text.txt", "--output", "\(split).safetensors", "--hidden-size", "8",
        "--max-steps", "5", "--validation-split", split, "--json", "--quiet")
      #expect(outcome.status == 0, "\(outcome.messages)")
      return outcome.objects.last ?? [:]
    }
    let (tail, blocks) = try (finished("tail"), finished("interleaved"))
    #expect(tail["validation_tokens"] as? Int == 1_039)
    #expect(blocks["validation_tokens"] as? Int == 1_039)
    let scores = [tail, blocks].map { $0["validation_nats_per_token"] as? Double }
    #expect(scores[0] != nil && scores[1] != nil && scores[0] != scores[1])
    #expect(try charlm.run("inspect", "interleaved.safetensors").output.contains("in blocks"))
    #expect(try !charlm.run("inspect", "tail.safetensors").output.contains("in blocks"))
  }

  @Test func samplesSideBySideAreThoseOfTheirSeeds() throws {
    let arguments = ["generate", "model.safetensors", "--prompt", "the", "--length", "30"]
    let samples = try charlm.run(arguments + ["--count", "3", "--seed", "5", "--json"])
    #expect(samples.status == 0)
    #expect(samples.objects.map { $0["seed"] as? Int } == [5, 6, 7])
    for sample in samples.objects {
      let alone = try charlm.run(arguments + ["--seed", "\(sample["seed"]!)", "--json"])
      #expect(alone.objects[0]["text"] as? String == sample["text"] as? String)
    }
    let printed = try charlm.run(arguments + ["--count", "3", "--seed", "5"])
    let headings = printed.output.split(separator: "\n").filter { $0.hasPrefix("--- sample") }
    #expect(headings.last == "--- sample 3 of 3, seed 7 ---" && headings.count == 3)
  }

  @Test func weightsOfEightBitsScoreAlmostTheSame() throws {
    func nats(_ precision: String) throws -> Double {
      let outcome = try charlm.run(
        "evaluate", "model.safetensors", "text.txt", "--weights", precision, "--json")
      return outcome.objects[0]["nats_per_character"] as! Double
    }
    let exact = try nats("float32")
    let rounded = try nats("int8")
    #expect(rounded != exact && abs(rounded - exact) < 0.005 * exact)
  }

  @Test func everySettingOfAnOptimizerStandsInTheModelFile() throws {
    let outcome = try charlm.run(
      ["train", "text.txt", "--output", "other.safetensors", "--hidden-size", "16", "--quiet"]
        + ["--max-steps", "12", "--optimizer", "sgd", "--momentum", "0.75", "--nesterov"]
        + ["--schedule", "step", "--decay-every", "2", "--decay-after", "3"]
        + ["--decay-factor", "0.7", "--clip-norm", "0", "--clip-value", "5"]
        + ["--weight-decay", "0.25", "--l1", "0.125", "--ema", "0.9"])
    #expect(outcome.status == 0, "\(outcome.messages)")
    let report = try charlm.run("inspect", "other.safetensors").output
    #expect(
      report.contains(
        "sgd 2.5, momentum 0.75, Nesterov, step, decay every 2.0, decay after 3.0, decay factor 0.7, "
          + "warm-up 50, clip norm none, clip value 5.0, weight decay 0.25, L1 0.125, "
          + "average of weights 0.9\n"))
    #expect(
      try charlm.run("inspect", "model.safetensors").output.contains(
        "adam 0.004, cosine, warm-up 50, clip norm 1.0\n"))
  }

  /// A model that is trained further keeps its average unless another one is given.
  @Test func theAverageOfTheLastPartStandsInTheModelFile() throws {
    func settings(_ options: String...) throws -> String {
      let outcome = try charlm.run(
        ["train", "text.txt", "--output", "other.safetensors", "--overwrite", "--max-steps", "12"]
          + ["--quiet"] + options)
      #expect(outcome.status == 0, "\(outcome.messages)")
      return try charlm.run("inspect", "other.safetensors").output
    }
    let mean = ", mean of the weights of the last 0.25 of the budget\n"
    let new = try settings("--hidden-size", "16", "--average-last", "0.25")
    #expect(new.contains(mean))
    try charlm.write(charlm.read("other.safetensors"), to: "first.safetensors")
    #expect(try settings("--from", "first.safetensors").contains(mean))
    let exponential = try settings("--from", "first.safetensors", "--ema", "0.9")
    #expect(!exponential.contains("mean of") && exponential.contains(", average of weights 0.9\n"))
  }

  @Test func tiedEmbeddingsAndInitialWeightsStandInTheModelFile() throws {
    let outcome = try charlm.run(
      ["train", "text.txt", "--output", "tied.safetensors", "--hidden-size", "16", "--json"]
        + ["--max-steps", "150", "--batch-size", "8", "--window", "16", "--tie-embeddings"]
        + ["--initialization", "xavier", "--recurrent-initialization", "orthogonal"]
        + ["--forget-bias=-0.5"])
    #expect(outcome.status == 0, "\(outcome.messages)")
    // V = 24, H = 16: one embedding, four gates of two weights and two biases, the projection's
    // biases.
    let count = 24 * 16 + 64 * (16 + 16 + 2) + 24
    #expect(outcome.objects.last?["parameters"] as? Int == count)
    let report = try charlm.run("inspect", "tied.safetensors").output
    #expect(report.contains("lstm, 1 x 16 units, embedding 16, tied\n"))
    #expect(report.contains("xavier, recurrent orthogonal, forget bias -0.5\n"))
    let object = try #require(
      try charlm.run("inspect", "tied.safetensors", "--json").objects.first)
    #expect(object["parameters"] as? Int == count)
    #expect((object["network"] as? [String: Any])?["ties_embeddings"] as? Bool == true)
    let figures = try charlm.run("evaluate", "tied.safetensors", "text.txt", "--json").objects
    // Better than a guess among the 22 characters, log 22 = 3.09.
    #expect(try #require(figures.first?["nats_per_character"] as? Double) < 2.5)
    let plain = try charlm.run("inspect", "model.safetensors").output
    #expect(plain.contains("embedding 16\n"))
    #expect(plain.contains("uniform\n"))
  }

  /// Every verb reads a model with normalized sums.
  @Test(arguments: ["lstm", "coupled-lstm", "gru", "rnn"])
  func normalizedSumsWorkEverywhere(cell: String) throws {
    func run(_ arguments: String...) throws -> Charlm.Outcome {
      let outcome = try charlm.run(arguments)
      #expect(outcome.status == 0, "\(arguments): \(outcome.messages)")
      return outcome
    }
    let outcome = try charlm.run(
      ["train", "text.txt", "--output", "normalized.safetensors", "--hidden-size", "16", "--json"]
        + ["--max-steps", "150", "--batch-size", "8", "--window", "16", "--cell", cell]
        + ["--layer-norm", "rms", "--layer-norm-groups", "2", "--output-bias", "frequencies"]
        + ["--optimizer", "adamw", "--weight-decay", "0.1", "--decay-scope", "matrices"])
    #expect(outcome.status == 0, "\(outcome.messages)")
    let gates = ["lstm": 4, "rnn": 1][cell] ?? 3
    let separate = cell == "gru" ? 1 : 0
    let count = 24 * 16 * 2 + 24 + 16 * gates * (16 + 16 + 3) + 16 * separate
    #expect(outcome.objects.last?["parameters"] as? Int == count)
    let model = "normalized.safetensors"
    let report = try run("inspect", model).output
    #expect(report.contains("embedding 16, normalized in 2 groups\n"))
    #expect(report.contains("uniform, output bias frequencies\n"))
    #expect(report.contains("weight decay 0.1, of matrices only\n"))
    let object = try #require(try run("inspect", model, "--json").objects.first)
    #expect((object["network"] as? [String: Any])?["normalization_groups"] as? Int == 2)
    try checkEveryVerb(model)
  }

  /// Every verb reads a residual model, and training it further keeps it residual.
  @Test(arguments: ["lstm", "coupled-lstm", "gru", "rnn"])
  func residualConnectionsWorkEverywhere(cell: String) throws {
    let model = "residual.safetensors"
    let outcome = try charlm.run(
      ["train", "text.txt", "--output", model, "--hidden-size", "16", "--json"]
        + ["--max-steps", "150", "--batch-size", "8", "--window", "16", "--cell", cell]
        + ["--residual", "--layers", "3", "--dropout", "0.05", "--checkpoint", "kept.checkpoint"])
    #expect(outcome.status == 0, "\(outcome.messages)")
    let report = try charlm.run("inspect", model)
    #expect(report.output.contains("3 x 16 units, embedding 16, residual\n"))
    let object = try #require(try charlm.run("inspect", model, "--json").objects.first)
    #expect((object["network"] as? [String: Any])?["is_residual"] as? Bool == true)
    try checkEveryVerb(model)
    let checkpoint = try charlm.run("inspect", "kept.checkpoint")
    #expect(checkpoint.output.contains("embedding 16, residual\n"), "\(checkpoint.messages)")
    let further = try charlm.run(
      "train", "text.txt", "--from", model, "--output", "further.safetensors", "--max-steps", "2")
    #expect(further.status == 0, "\(further.messages)")
    #expect(try charlm.run("inspect", "further.safetensors").output.contains(", residual\n"))
  }

  /// Every verb reads a model whose output is projected to the width of its tied embeddings.
  @Test func narrowTiedEmbeddingsWorkEverywhere() throws {
    let model = "narrow.safetensors"
    let outcome = try charlm.run(
      ["train", "text.txt", "--output", model, "--hidden-size", "16", "--json"]
        + ["--max-steps", "300", "--batch-size", "8", "--window", "16", "--layers", "2"]
        + ["--tie-embeddings", "--embedding-size", "8", "--dropout", "0.05", "--residual"])
    #expect(outcome.status == 0, "\(outcome.messages)")
    let count = 24 * 8 + 64 * (8 + 16 + 2) + 64 * (16 + 16 + 2) + 8 * 16 + 24
    #expect(outcome.objects.last?["parameters"] as? Int == count)
    let report = try charlm.run("inspect", model).output
    #expect(report.contains("lstm, 2 x 16 units, embedding 8, tied, residual\n"))
    try checkEveryVerb(model)
  }

  /// Every verb reads `model`, trained on the text.
  private func checkEveryVerb(_ model: String) throws {
    func run(_ arguments: String...) throws {
      let outcome = try charlm.run(arguments)
      #expect(outcome.status == 0, "\(arguments): \(outcome.messages)")
    }
    func nats(_ options: String...) throws -> Double {
      let outcome = try charlm.run(["evaluate", model, "text.txt", "--json"] + options)
      return try #require(outcome.objects.first?["nats_per_character"] as? Double)
    }
    let found = try nats()
    #expect(found < 2.5)
    #expect(abs(try nats("--weights", "int8") - found) < 0.02)
    #expect(try nats("--dynamic") < found + 0.05)
    for options in [["--beams", "3"], ["--count", "3"], ["--weights", "int8"]] {
      #expect(try charlm.run(["generate", model, "--length", "30"] + options).status == 0)
    }
    try run("compress", model, "text.txt", "--output", "text.charlm")
    try run("decompress", model, "text.charlm", "--output", "again.txt")
    #expect(try charlm.read("again.txt") == charlm.read("text.txt"))
    try run("diagnose", "gradients", model, "text.txt", "--window", "10")
    try run("evaluate", model, "text.txt", "--ensemble", "model.safetensors")
  }

  @Test func evaluationGivesEveryFigure() throws {
    let outcome = try charlm.run("evaluate", "model.safetensors", "text.txt", "--json")
    #expect(outcome.status == 0)
    let figures = try #require(outcome.objects.first)
    #expect(
      Set(figures.keys) == [
        "characters", "bytes", "words", "tokens", "unknown_characters", "nats",
        "nats_per_character", "bits_per_character", "bits_per_byte", "perplexity_per_character",
        "perplexity_per_byte", "perplexity_per_word", "seconds", "characters_per_second",
        "dynamic", "unknown_nats", "interval", "files", "peak_memory_bytes",
      ])
    func number(_ name: String) -> Double { (figures[name] as! NSNumber).doubleValue }
    let text = try charlm.read("text.txt")
    #expect(number("bytes") == Double(text.count))
    #expect(
      number("characters") == Double(String(decoding: text, as: UTF8.self).unicodeScalars.count))
    #expect(number("words") == 577 * 5)
    let nats = number("nats")
    #expect(abs(number("bits_per_byte") - nats / log(2) / number("bytes")) < 1e-12)
    #expect(abs(number("perplexity_per_word") / exp(nats / (577 * 5)) - 1) < 1e-12)
    let plain = try charlm.run("evaluate", "model.safetensors", "-", input: "line 3: é ☃ sheep\n")
    #expect(plain.status == 0)
    #expect(plain.output.contains("perplexity per word"))
  }

  @Test func theSameSeedGeneratesTheSameText() throws {
    func text(_ options: String...) throws -> String {
      let outcome = try charlm.run(
        ["generate", "model.safetensors", "--length", "60"] + options)
      #expect(outcome.status == 0)
      return outcome.output
    }
    let first = try text("--prompt", "line ", "--seed", "5")
    #expect(first.hasPrefix("line "))
    #expect(first.unicodeScalars.count == 65)
    #expect(try text("--prompt", "line ", "--seed", "5", "--threads", "1") == first)
    #expect(try text("--prompt", "line ", "--seed", "6") != first)
    try charlm.write("line ", to: "prompt.txt")
    #expect(try text("--prompt-file", "prompt.txt", "--seed", "5") == first)
    #expect(try text("--temperature", "0", "--seed", "1") == text("--top-k", "1", "--seed", "2"))
    let outcome = try charlm.run(
      "generate", "model.safetensors", "--prompt", "line ", "--length", "60", "--seed", "5",
      "--json")
    let object = try #require(outcome.objects.first)
    #expect(
      Set(object.keys) == [
        "text", "prompt", "seed", "tokens", "seconds", "characters_per_second", "finish_reason",
        "nats_per_token",
      ])
    #expect("line \(object["text"] as! String)" == first)
  }

  @Test func unknownPromptCharactersWarnOrAreRefused() throws {
    let replaced = try charlm.run(
      "generate", "model.safetensors", "--prompt", "Ж", "--length", "5", "--seed", "1")
    #expect(replaced.status == 0)
    #expect(replaced.messages.contains("U+0416"))
    #expect(replaced.output.unicodeScalars.count == 6)
    let refused = try charlm.run(
      "generate", "model.safetensors", "--prompt", "Ж", "--strict", "--seed", "1")
    #expect(refused.status == 65)
    #expect(refused.output.isEmpty)
    #expect(refused.messages.contains("U+0416"))
  }

  @Test func inspectShowsWhatIsInside() throws {
    let plain = try charlm.run("inspect", "model.safetensors")
    #expect(plain.status == 0)
    for word in ["lstm", "rnn.weight_hh_l0", "64 x 16", "U+000A", "40 steps", "☃"] {
      #expect(plain.output.contains(word))
    }
    let object = try #require(
      try charlm.run("inspect", "model.safetensors", "--json").objects.first)
    let network = object["network"] as? [String: Any]
    #expect(network?["hidden_size"] as? Int == 16)
  }

  @Test func tokensGoThereAndBack() throws {
    let tokens = try charlm.run(
      "tokenize", "model.safetensors", "-", "--json", input: "line 1: e\u{301}?")
    let object = try #require(tokens.objects.first)
    #expect(object["unknown_characters"] as? Int == 1)
    let ids = try #require(object["ids"] as? [Int])
    #expect(ids.count == 10)
    let text = try charlm.run(
      "tokenize", "model.safetensors", "-", "--decode", input: "\(ids)")
    #expect(Array(text.output.utf8) == Array("line 1: \u{E9}\u{FFFD}".utf8))
    let refused = try charlm.run("tokenize", "model.safetensors", "-", "--decode", input: "1 99")
    #expect(refused.status == 65)
    let vocabulary = try charlm.run("tokenize", "--fit", "text.txt", "--json")
    #expect(vocabulary.objects.first?["vocabulary_size"] as? Int == 2 + 22)
  }

  @Test func standardInputTrainsLikeAFile() throws {
    let text = try String(decoding: charlm.read("text.txt"), as: UTF8.self)
    let outcome = try charlm.run(
      "train", "-", "--output", "piped.safetensors", "--hidden-size", "16", "--max-steps", "40",
      "--batch-size", "8", "--window", "16", input: text)
    #expect(outcome.status == 0)
    func weights(_ model: String) throws -> [String] {
      // The digests of the tensors are in the header; times differ, tensors do not.
      let header = try String(decoding: charlm.read(model).prefix(10_000), as: UTF8.self)
      return header.matches(of: /sha256\.tensor\.[^"]+":"([0-9a-f]{64})/).map { String($0.1) }
    }
    #expect(try weights("piped.safetensors").count == 7)
    #expect(try weights("piped.safetensors") == weights("model.safetensors"))
  }

  @Test(arguments: [["gru"], ["rnn"], ["rnn", "--activation", "sigmoid"]])
  func everyCellTrainsAndIsUsed(cell: [String]) throws {
    let training = try charlm.run(
      ["train", "text.txt", "--output", "cell.safetensors", "--hidden-size", "16", "--layers", "2"]
        + ["--max-steps", "200", "--batch-size", "8", "--window", "16", "--cell"] + cell)
    #expect(training.status == 0)
    let inspected = try charlm.run("inspect", "cell.safetensors")
    #expect(inspected.output.contains(cell[0]))
    #expect(
      inspected.output.contains(
        cell[0] == "gru" ? "48 x 16" : "(\(cell.last == "rnn" ? "tanh" : "sigmoid"))"))
    let text = try charlm.run(
      "generate", "cell.safetensors", "--length", "20", "--seed", "1", "--prompt", "line ")
    #expect(text.output.unicodeScalars.count == 25)
    let figures = try charlm.run("evaluate", "cell.safetensors", "text.txt", "--json").objects
    // Better than a guess among the 22 characters, log 22 = 3.09.
    #expect(try #require(figures.first?["nats_per_character"] as? Double) < 2.5)
  }

  @Test func everyDropoutTrainsAndIsShown() throws {
    let help = try charlm.run("train", "--help").output
    for option in ["--dropout", "--dropout-mask", "--embedding-dropout", "--recurrent-dropout"] {
      #expect(help.contains("\(option) <"))
    }
    func validationNats(_ options: String...) throws -> Double {
      let outcome = try charlm.run(
        ["train", "text.txt", "--output", "dropped.safetensors", "--hidden-size", "16", "--json"]
          + ["--max-steps", "150", "--batch-size", "8", "--window", "16", "--layers", "2"] + options
      )
      #expect(outcome.status == 0, "\(outcome.messages)")
      return try #require(outcome.objects.last?["validation_nats_per_token"] as? Double)
    }
    let all = try validationNats(
      "--dropout", "0.2", "--dropout-mask", "per-step", "--embedding-dropout", "0.1",
      "--recurrent-dropout", "0.3")
    #expect(
      try charlm.run("inspect", "dropped.safetensors").output.contains(
        "dropout 0.2 (per step), embedding dropout 0.1, recurrent dropout 0.3, seed 1\n"))
    // Better than a guess among the 22 characters, log 22 = 3.09.
    #expect(all < 2.5)
    let text = try String(decoding: charlm.read("text.txt"), as: UTF8.self)
    try charlm.write(String(text.unicodeScalars.suffix(1_039)), to: "tail.txt")
    for _ in 0..<2 {
      let evaluation = try charlm.run("evaluate", "dropped.safetensors", "tail.txt", "--json")
      let nats = try #require(evaluation.objects[0]["nats_per_character"] as? Double)
      #expect(abs(nats - all) < 1e-9)
    }
    #expect(try validationNats("--dropout", "0.2") != all)
    #expect(
      try charlm.run("inspect", "dropped.safetensors").output.contains("dropout 0.2, seed 1\n"))
  }

  @Test func aSmallTextSaysWhatWasAdapted() throws {
    try charlm.write("to be or not to be", to: "small.txt")
    let outcome = try charlm.run(
      "train", "small.txt", "--output", "small.safetensors", "--max-steps", "5")
    #expect(outcome.status == 0)
    #expect(outcome.messages.contains("training with 1 of 18"))
    #expect(outcome.messages.contains("too short to hold out a part for validation"))
  }
}
