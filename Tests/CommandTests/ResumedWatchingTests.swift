import Foundation
import Glibc
import TestSupport
import Testing

/// Runs that are observed, or that began with a model, stopped and resumed.
@Suite(.serialized) struct ResumedWatchingTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.write((0..<400).map { "\($0 % 10): sheep\n" }.joined(), to: "text.txt")
  }

  private static let steps = 800

  private func train(_ name: String, _ options: [String] = []) -> [String] {
    ["train", "text.txt", "--output", name, "--max-steps", "\(Self.steps)", "--json", "--quiet"]
      + ["--hidden-size", "12", "--batch-size", "4", "--window", "8", "--evaluate-every", "35"]
      + ["--log", "\(name).jsonl", "--sample-every", "140"] + options
  }

  /// The lines of a log, without times and paths of checkpoints.
  private func log(_ name: String) throws -> [[String: String]] {
    try String(decoding: charlm.read("\(name).jsonl"), as: UTF8.self)
      .split(separator: "\n").map { line in
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return try #require(object).filter {
          !["seconds", "characters_per_second", "peak_memory_bytes"].contains($0.key)
        }.mapValues { "\($0)" }
      }.filter { !["checkpoint", "started"].contains($0["event"]) }
  }

  /// The history that `inspect` shows, without times.
  private func history(_ model: String) throws -> [[Double?]] {
    let object = try charlm.run("inspect", model, "--json").objects[0]
    let training = try #require(object["training"] as? [String: Any])
    let points = try #require(training["history"] as? [[String: Any]])
    return points.map { point in
      ["step", "training_nats_per_token", "validation_nats_per_token"].map {
        (point[$0] as? NSNumber)?.doubleValue
      }
    }
  }

  @Test(arguments: [SIGINT, SIGKILL])
  func aResumedRunLeavesTheLogOfOneThatWasNeverStopped(signal: Int32) throws {
    let watching = ["--plot", "whole.svg", "--tensorboard", "whole-board"]
    #expect(try charlm.run(train("whole", watching)).status == 0)
    let stopped = try charlm.run(
      train("parts", ["--plot", "parts.svg", "--tensorboard", "board", "--checkpoint-every", "0"]),
      then: signal, afterLines: 300)
    #expect(stopped.status == (signal == SIGINT ? 130 : SIGKILL), "\(stopped.messages)")
    try charlm.write(charlm.read("parts.checkpoint"), to: "early.checkpoint")
    // The output file is the same.
    let resumed = try charlm.run("train", "--resume", "parts.checkpoint", "--quiet")
    #expect(resumed.status == 0, "\(resumed.messages)")
    #expect(resumed.output.isEmpty)
    let (whole, parts) = try (log("whole"), log("parts"))
    #expect(whole.count { $0["event"] == "sample" } == Self.steps / 140)
    #expect(parts == whole)
    #expect(try history("parts") == history("whole"))
    #expect(try history("parts").count > 10)

    func dots(_ plot: String) throws -> Int {
      try String(decoding: charlm.read(plot), as: UTF8.self).split(separator: "<circle").count
    }
    #expect(try dots("parts.svg") == dots("whole.svg"))
    let boards = try FileManager.default.contentsOfDirectory(atPath: charlm.url("board").path)
    #expect(boards.count == 2)

    // Events after the checkpoint are reported once.
    #expect(try charlm.run("train", "--resume", "early.checkpoint", "--quiet").status == 0)
    #expect(try log("parts") == whole)
  }

  @Test func anotherLogIsGoneOnWithToo() throws {
    // Each step prints a line, so neither part gets far.
    let stopped = try charlm.run(
      train("parts", ["--checkpoint-every", "0"]), then: SIGINT, afterLines: 60)
    #expect(stopped.status == 130)
    let before = try log("parts")
    let again = try charlm.run(
      ["train", "--resume", "parts.checkpoint", "--quiet", "--json", "--log", "other.jsonl"]
        + ["--checkpoint-every", "0"],
      then: SIGINT, afterLines: 60)
    #expect(again.status == 130, "\(again.messages)")
    #expect(try charlm.run("train", "--resume", "parts.checkpoint", "--quiet").status == 0)
    #expect(try log("parts") == before)
    let steps = try log("other").compactMap { $0["step"].flatMap(Int.init) }
    #expect(steps == steps.sorted() && steps.last == Self.steps)
    #expect(try log("other").count { $0["event"] == "finished" } == 1)
  }

  @Test func troubleIsToldToAll() throws {
    let outcome = try charlm.run(
      ["train", "text.txt", "--output", "model", "--max-steps", "20", "--hidden-size", "8"]
        + ["--json", "--log", "model.jsonl", "--plot", "p.svg", "--tensorboard", "board"]
        + ["--learning-rate", "1e38", "--clip-norm", "0", "--warmup-steps", "0"])
    #expect(outcome.status == 75, "\(outcome.messages)")
    for words in [": infinities or NaNs in ", "Rolled back to step 0, with 0.5 times"] {
      #expect(outcome.messages.contains(words), "\(words): \(outcome.messages)")
    }
    #expect(try String(decoding: charlm.read("model.jsonl"), as: UTF8.self) == outcome.output)
    let events = outcome.objects.compactMap { $0["event"] as? String }
    #expect(events.first == "started" && events[1] == "skipped" && events.last == "checkpoint")
    #expect(
      outcome.objects.compactMap { $0["learning_rate_scale"] as? Double } == [0.5, 0.25, 0.125])
    let report = try charlm.run("inspect", "model.checkpoint").output
    #expect(report.contains("step 0, epoch 0.00") && report.contains("0.125 times the learning"))
    // The record of the failures remains.
    let resumed = try charlm.run(
      "train", "--resume", "model.checkpoint", "--learning-rate", "0.001", "--quiet", "--json")
    #expect(resumed.status == 0, "\(resumed.messages)")
    #expect(
      try String(decoding: charlm.read("model.jsonl"), as: UTF8.self)
        == outcome.output + resumed.output)
  }

  @Test func aCheckpointTellsWhereTheRunStands() throws {
    let stopped = try charlm.run(train("model"), then: SIGINT, afterLines: 10)
    let step = try #require(stopped.objects.last?["steps"] as? Int)
    let report = try charlm.run("inspect", "model.checkpoint")
    #expect(report.status == 0, "\(report.messages)")
    for words in [
      "train --resume 'model.checkpoint'", "step \(step), epoch ", "of a budget of 800 steps",
      "1 x 12 units", "batch 4, window 8", "best so far", "after step ", "training loss",
      "first_moments.embedding.weight",
    ] { #expect(report.output.contains(words), "\(words): \(report.output)") }
    let object = try charlm.run("inspect", "model.checkpoint", "--json").objects[0]
    #expect(object["step"] as? Int == step)
    let epoch = try #require(object["epoch"] as? Double)
    let told = stopped.objects.last { $0["event"] as? String == "step" }
    let (toldStep, toldEpoch) = try (
      #require(told?["step"] as? Int), #require(told?["epoch"] as? Double)
    )
    #expect(epoch >= toldEpoch && (step > toldStep || epoch == toldEpoch))
    #expect((object["history"] as? [[String: Any]])?.first?["step"] as? Int == 35)
  }

  @Test func aRunThatBeganWithAModelNeedsItNoMore() throws {
    #expect(try charlm.run(train("base", ["--dropout", "0.1"])).status == 0)
    try charlm.write((0..<400).map { "\($0 % 7): GOATS\n" }.joined(), to: "text.txt")
    func tune(_ name: String) -> [String] {
      ["train", "text.txt", "--from", "base", "--output", name, "--json", "--quiet"]
        + ["--learning-rate", "0.004", "--max-steps", "\(Self.steps)"]
    }
    #expect(try charlm.run(tune("whole")).status == 0)
    let stopped = try charlm.run(tune("parts"), then: SIGINT, afterLines: 4)
    #expect(stopped.status == 130, "\(stopped.messages)")
    let report = try charlm.run("inspect", "parts.checkpoint").output
    #expect(report.contains("from a model of "))
    try FileManager.default.removeItem(at: charlm.url("base"))
    for options in [
      ["--from", "whole"], ["--hidden-size", "256"], ["--dropout", "0"], ["--min-count", "3"],
      ["--initialization", "xavier"], ["--window", "64"],
    ] {
      let refused = try charlm.run(["train", "--resume", "parts.checkpoint", "--quiet"] + options)
      #expect(refused.status == 64, "\(options): \(refused.messages)")
      #expect(refused.messages.contains("\(options[0]) differs"), "\(refused.messages)")
    }
    let resumed = try charlm.run(
      "train", "--resume", "parts.checkpoint", "--from", "base", "--hidden-size", "12", "--quiet")
    #expect(resumed.status == 0, "\(resumed.messages)")
    #expect(try charlm.tensorDigests("parts") == charlm.tensorDigests("whole"))
    let origin = try ["parts", "whole"].map { name in
      let object = try charlm.run("inspect", name, "--json").objects[0]
      return (object["training"] as? [String: Any])?["earlier_steps"] as? Int
    }
    #expect(origin[0] != nil && origin[0] == origin[1])
  }
}
