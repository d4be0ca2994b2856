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
    // A hint about the text comes first.
    let lines = outcome.messages.split(separator: "\n").filter { !$0.contains("--documents") }
    for (line, begin) in zip(lines, ["Network: lstm", "Time: about", "Dropout: "]) {
      #expect(line.hasPrefix(begin), "\(line)")
    }
    let network = try #require(settings("model")["network"] as? [String: Any])
    #expect(lines[0].contains("of \(try #require(network["hidden_size"] as? Int)) units"))
    let scored = try charlm.run("evaluate", "model", "text.txt")
    #expect(scored.status == 0, "\(scored.messages)")
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
