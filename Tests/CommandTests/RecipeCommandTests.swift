import Foundation
import Glibc
import TestSupport
import Testing

/// Runs for which only the time is given.
@Suite(.serialized) struct RecipeCommandTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.write(
      (0..<300).map { "\($0 % 7) sheep, \($0 % 5) goats\n" }.joined(), to: "text.txt")
  }

  private func settings(_ model: String) throws -> [String: Any] {
    let outcome = try charlm.run("inspect", model, "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    return try #require(outcome.objects.first)
  }

  @Test func minutesAloneChooseTheRestAndSayWhy() throws {
    let outcome = try charlm.run("train", "text.txt", "--output", "model", "--minutes", "0.02")
    #expect(outcome.status == 0, "\(outcome.messages)")
    // A hint about the text and the built-in model's part come first.
    let lines = outcome.messages.split(separator: "\n").filter {
      !$0.contains("--documents") && !$0.hasPrefix("Starting from nothing")
    }
    for (line, begin) in zip(lines, ["Network: lstm", "Time: about", "Dropout: "]) {
      #expect(line.hasPrefix(begin), "\(line)")
    }
    let network = try #require(settings("model")["network"] as? [String: Any])
    #expect(lines[0].contains("of \(try #require(network["hidden_size"] as? Int)) units"))
    let scored = try charlm.run("evaluate", "model", "text.txt")
    #expect(scored.status == 0, "\(scored.messages)")
  }

  private let prose = """
    When the carriage had gone, she went back into the house and sat down by the fire. "He will not \
    come again," said her sister, without looking up from her work. The rain had begun to fall, and \
    the garden was dark. Nobody in the village had seen him since the morning, though his brother \
    had asked at every door, and the old clergyman had walked as far as the bridge.

    """

  private func base(_ model: String) throws -> String? {
    let training = try #require(settings(model)["training"] as? [String: Any])
    let sources = try #require(training["sources"] as? [String: Any])
    return (sources["base"] as? [String: Any])?["name"] as? String
  }

  @Test func aTextLikeTheBuiltInModelsStartsFromIt() throws {
    try charlm.write(prose + prose, to: "prose.txt")
    let outcome = try charlm.run("train", "prose.txt", "--output", "model", "--minutes", "0.001")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.messages.hasPrefix("Starting from the built-in model 'english', "))
    #expect(try base("model") == "english")
    try charlm.write(String(prose.prefix(150)), to: "short.txt")
    let short = try charlm.run("train", "short.txt", "--output", "short", "--minutes", "0.001")
    #expect(short.status == 0, "\(short.messages)")
    #expect(try base("short") == "english")
    let nothing = try charlm.run(
      "train", "prose.txt", "--output", "new", "--minutes", "0.001", "--from", "none")
    #expect(nothing.status == 0, "\(nothing.messages)")
    #expect(!nothing.messages.contains("built-in"))
    #expect(try base("new") == nil)
  }

  @Test(arguments: [
    ["--hidden-size", "8"], ["--cell", "gru"], ["--unit", "byte"], ["--documents", "lines"],
    ["--initialization", "xavier"], ["--tie-embeddings"],
  ])
  func whatContradictsTheBuiltInModelStartsFromNothing(options: [String]) throws {
    try charlm.write(prose + prose, to: "prose.txt")
    let outcome = try charlm.run(
      ["train", "prose.txt", "--output", "model", "--minutes", "0.001"] + options)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(try base("model") == nil)
  }

  @Test func otherTextsAndBudgetsStartFromNothing() throws {
    let counts = try charlm.run("train", "text.txt", "--output", "model", "--minutes", "0.001")
    #expect(counts.messages.contains("Starting from nothing: "), "\(counts.messages)")
    #expect(try base("model") == nil)
    try charlm.write(prose + prose, to: "prose.txt")
    let steps = ["train", "prose.txt", "--output", "steps", "--max-steps", "1"]
    #expect(try charlm.run(steps).status == 0)
    #expect(try base("steps") == nil)
    #expect(try charlm.run(steps + ["--from", "english"]).status == 0)
    #expect(try base("steps") == "english")
  }

  @Test func whatIsGivenIsNotChosen() throws {
    let outcome = try charlm.run(
      "train", "text.txt", "--output", "model", "--minutes", "0.01", "--cell", "gru",
      "--hidden-size",
      "20", "--dropout", "0.25", "--optimizer", "sgd", "--initialization", "uniform")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let told = outcome.messages
    #expect(
      told.contains("learning rate 10 falling as") && told.contains("Dropout: 0.25, as given."))
    let object = try settings("model")
    let network = try #require(object["network"] as? [String: Any])
    #expect(network["cell"] as? String == "gru")
    #expect(network["hidden_size"] as? Int == 20)
    #expect(network["embedding_size"] as? Int == 20)
    let training = try #require(object["training"] as? [String: Any])
    let configuration = try #require(training["configuration"] as? [String: Any])
    #expect(configuration["dropout"] as? Double == 0.25)
    #expect(configuration["optimizer"] as? String == "sgd")
    #expect(configuration["learning_rate"] as? Double == 10)
    #expect(configuration["weight_decay"] as? Double == 0)
    let initialization = try #require(configuration["initialization"] as? [String: Any])
    #expect(initialization["weights"] as? String == "uniform")
    #expect(initialization["recurrent_weights"] == nil)
  }

  @Test func aRunOfChosenSettingsIsResumedWithThem() throws {
    let stopped = try charlm.run(
      [
        "train", "text.txt", "--output", "model", "--minutes", "10", "--hidden-size", "16",
        "--json",
      ],
      then: SIGINT, afterLines: 5)
    #expect(stopped.status == 130, "\(stopped.messages)")
    let refused = try charlm.run("train", "--resume", "model.checkpoint", "--batch-size", "3")
    #expect(refused.status == 64, "\(refused.messages)")
    let resumed = try charlm.run(
      "train", "--resume", "model.checkpoint", "--minutes", "0.001", "--json")
    #expect(resumed.status == 0, "\(resumed.messages)")
    let configuration = try #require(
      (settings("model")["training"] as? [String: Any])?["configuration"] as? [String: Any])
    #expect(configuration["lane_offsets"] as? String == "random")
  }
}
