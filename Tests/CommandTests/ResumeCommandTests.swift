import Foundation
import Glibc
import TestSupport
import Testing
import Training

/// Runs of the command that are stopped, killed and resumed.
@Suite(.serialized) struct ResumeCommandTests {
  let charlm: Charlm
  let texts: [String]

  init() throws {
    charlm = try Charlm()
    texts = ["one.txt", "two.txt"]
    for text in texts {
      try charlm.write((0..<200).map { "\(text) \($0 % 10): sheep\n" }.joined(), to: text)
    }
  }

  static let settings =
    ["--hidden-size", "12", "--batch-size", "4", "--window", "8", "--evaluate-every", "35"]
    + ["--dropout", "0.1", "--json", "--quiet"]

  private func train(_ output: String, steps: Int, _ options: String...) -> [String] {
    ["train"] + texts + ["--output", output, "--max-steps", "\(steps)"] + Self.settings + options
  }

  /// The lines of standard output, without times and without events of the interruption.
  private static func events(_ outcomes: Charlm.Outcome...) -> [[String: String]] {
    outcomes.flatMap(\.objects).filter {
      !["checkpoint", "started"].contains($0["event"] as? String)
        && $0["reason"] as? String != "interrupted"
    }.map { object in
      object.filter {
        !["seconds", "characters_per_second", "peak_memory_bytes"].contains($0.key)
      }.mapValues { "\($0)" }
    }
  }

  /// Whether the tests, and so the command, run without SIGHUP, as under nohup.
  private static let ignoresHangup: Bool = {
    let handler = signal(SIGHUP, SIG_IGN)
    _ = signal(SIGHUP, handler)
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }()

  @Test(arguments: [SIGINT, SIGTERM, SIGQUIT] + (ignoresHangup ? [] : [SIGHUP]))
  func anInterruptedRunIsResumedToTheSameFile(signal: Int32) throws {
    let whole = try charlm.run(train("whole", steps: 800))
    #expect(whole.status == 0, "\(whole.messages)")
    let stopped = try charlm.run(train("parts", steps: 800), then: signal, afterLines: 5)
    #expect(stopped.status == 128 + signal, "\(stopped.messages)")
    #expect(stopped.objects.last?["reason"] as? String == "interrupted")
    let resumed = try charlm.run(
      "train", "--resume", "parts.checkpoint", "--json", "--threads", "1")
    #expect(resumed.status == 0, "\(resumed.messages)")
    #expect(Self.events(stopped, resumed) == Self.events(whole))
    #expect(try charlm.tensorDigests("parts").count == 7)
    #expect(try charlm.tensorDigests("parts") == charlm.tensorDigests("whole"))
    #expect(try !charlm.folder.contents().contains { $0.contains("checkpoint") })
  }

  /// Like timeout(1), which sends one signal to the command and one to its process group. Two
  /// signals of the same kind could not be distinguished from one.
  @Test func twoSignalsAtOnceAreOne() throws {
    let stopped = try charlm.run(
      train("parts", steps: 100_000, "--checkpoint-every", "1000"), afterLines: 5
    ) { process in
      kill(process.processIdentifier, SIGINT)
      kill(process.processIdentifier, SIGTERM)
    }
    #expect([130, 143].contains(stopped.status), "\(stopped.messages)")
    #expect(stopped.objects.last?["reason"] as? String == "interrupted")
    let step = try #require(stopped.objects.last?["steps"] as? Int)
    let path = charlm.folder.path("parts.checkpoint")
    #expect(try TrainingCheckpoint(path: path).stepCount == step)
  }

  /// Standard output that nobody reads blocks the run after the first signal, so that only the
  /// second can end it.
  @Test(arguments: [SIGINT, SIGTERM])
  func aSecondSignalEndsTheRunAtOnce(signal: Int32) throws {
    let process = try charlm.process(train("parts", steps: 100_000, "--checkpoint-every", "0"))
    let unread = UnreadPipe()
    process.standardOutput = unread.pipe
    try process.run()
    defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    // The line of the end is longer than 250 bytes.
    try unread.waitUntilFull(butFor: 250, process)
    try process.signalAndWait(signal)
    #expect(process.isRunning)
    // A second signal that follows at once counts as the first.
    try wait("the second signal was not obeyed", while: true) {
      kill(process.processIdentifier, signal)
      return !process.isRunning
    }
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 128 + signal)
    let output = try unread.readToEnd()
    #expect(output.contains(#""event":"checkpoint""#) && !output.contains("finished"))
    let resumed = try charlm.run(
      "train", "--resume", "parts.checkpoint", "--max-steps", "200", "--quiet")
    #expect(resumed.status == 0, "\(resumed.messages)")
  }

  /// A file instead of the folder also stops root, who may write regardless of modes.
  @Test func aRunWhoseCheckpointsFindNoPlaceAnyMoreCanGoOn() throws {
    try FileManager.default.createDirectory(
      at: charlm.url("kept"), withIntermediateDirectories: false)
    let stopped = try charlm.run(
      train(
        "parts", steps: 100_000, "--schedule", "constant", "--checkpoint", "kept/run",
        "--checkpoint-every", "0"),
      afterLines: 5
    ) { _ in
      try FileManager.default.moveItem(at: charlm.url("kept"), to: charlm.url("aside"))
      try charlm.write("", to: "kept")
    }
    #expect(stopped.status == 75, "\(stopped.messages)")
    #expect(stopped.messages.hasPrefix("charlm: "))
    // The model is not in the folder of the checkpoint, which must not choose it alone.
    let command = "charlm train --resume 'kept/run' --output 'parts'"
    #expect(stopped.messages.hasSuffix("To resume the run: \(command)\n"))
    #expect(stopped.messages.split(separator: "\n").count == 1, "\(stopped.messages)")

    try FileManager.default.removeItem(at: charlm.url("kept"))
    try FileManager.default.moveItem(at: charlm.url("aside"), to: charlm.url("kept"))
    let step = try TrainingCheckpoint(path: charlm.folder.path("kept/run")).stepCount
    let announced = stopped.objects.last { $0["event"] as? String == "checkpoint" }
    #expect(step >= announced?["step"] as? Int ?? .max)
    let steps = "\(step + 20)"
    let resumed = try charlm.run(
      "train", "--resume", "kept/run", "--output", "parts", "--max-steps", steps, "--quiet")
    #expect(resumed.status == 0, "\(resumed.messages)")
    let whole = try charlm.run(train("whole", steps: step + 20, "--schedule", "constant"))
    #expect(whole.status == 0, "\(whole.messages)")
    #expect(try charlm.tensorDigests("parts") == charlm.tensorDigests("whole"))
    #expect(try charlm.tensorDigests("parts").count == 7)
  }

  @Test func aFolderThatTakesNoCheckpointIsRefused() throws {
    try charlm.write("", to: "file")
    for path in ["file/run", "missing/run", "/proc/run"] {
      let outcome = try charlm.run(
        train("model", steps: 50, "--checkpoint", path, "--checkpoint-every", "0"))
      charlm.expectRefusal(outcome, status: 73, words: ["charlm: Cannot create '\(path)' ("])
    }
  }

  @Test func whatContradictsTheCheckpointIsRefused() throws {
    let stopped = try charlm.run(train("model", steps: 100_000), then: SIGINT, afterLines: 3)
    #expect(stopped.status == 130)
    func refusal(_ options: String...) throws -> Charlm.Outcome {
      try charlm.run(["train", "--resume", "model.checkpoint", "--quiet"] + options)
    }
    for options in [
      ["--hidden-size", "256"], ["--cell", "gru"], ["--dropout=0.2"], ["--seed", "2"],
      ["--unit", "byte"], ["--tie-embeddings"], ["--momentum", "0.5"],
      ["--validation-split", "interleaved"],
    ] {
      let outcome = try charlm.run(
        ["train", "--resume", "model.checkpoint", "--quiet", "--max-steps", "5"] + options)
      #expect(outcome.status == 64, "\(options): \(outcome.messages)")
      #expect(outcome.messages.contains(options[0].prefix { $0 != "=" }), "\(outcome.messages)")
    }
    let text = try charlm.read("one.txt")
    try charlm.write(text.dropLast() + [32], to: "one.txt")
    var outcome = try refusal()
    #expect(outcome.status == 65)
    #expect(outcome.messages.contains("'one.txt'") && outcome.messages.contains("not the same"))
    try charlm.write(text + [32], to: "one.txt")
    outcome = try refusal()
    #expect(outcome.status == 65)
    #expect(outcome.messages.contains("\(text.count + 1) bytes instead of \(text.count)"))
    try FileManager.default.removeItem(at: charlm.url("one.txt"))
    #expect(try refusal().status == 66)
    #expect(try charlm.run("train", "--resume", "none", "--quiet").status == 66)
    #expect(try charlm.run("train", "--resume", "two.txt", "--quiet").status == 65)
    // Moved texts are given again; options that agree with the checkpoint are accepted, and a
    // budget may change.
    try charlm.write(text, to: "moved.txt")
    outcome = try charlm.run(
      "train", "moved.txt", "two.txt", "--resume", "model.checkpoint", "--hidden-size", "12",
      "--epochs", "0.5", "--output", "elsewhere", "--json", "--quiet")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.objects.last?["reason"] as? String == "epochs")
    #expect(try charlm.tensorDigests("elsewhere").count == 7)
  }

  @Test func aCheckpointThatIsAskedForStays() throws {
    let outcome = try charlm.run(train("model", steps: 10, "--checkpoint", "kept"))
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(try TrainingCheckpoint(path: charlm.folder.path("kept")).stepCount == 10)
    let longer = try charlm.run(
      "train", "--resume", "kept", "--max-steps", "20", "--json", "--quiet")
    #expect(longer.objects.last?["steps"] as? Int == 20, "\(longer.messages)")
    #expect(try TrainingCheckpoint(path: charlm.folder.path("kept")).stepCount == 20)
    // Another run sets it aside.
    _ = try charlm.run(train("model", steps: 5, "--checkpoint", "kept"))
    #expect(try TrainingCheckpoint(path: charlm.folder.path("kept.previous")).stepCount == 20)
  }

  @Test func aRunThatImprovesNoMoreWritesItsModelAllTheSame() throws {
    let first = try charlm.run(train("model", steps: 70, "--checkpoint", "kept"))
    #expect(first.status == 0, "\(first.messages)")
    let resumed = try charlm.run(
      "train", "--resume", "kept", "--max-steps", "60", "--output", "elsewhere")
    #expect(resumed.status == 0, "\(resumed.messages)")
    #expect(resumed.messages.contains("wrote 'elsewhere'"))
    #expect(try charlm.read("elsewhere") == charlm.read("model"))
  }

  /// A run that is killed again and again, and resumed each time from the files on disk.
  @Test func aKilledRunLosesNothingThatWasAnnounced() throws {
    let steps = 150
    let whole = try charlm.run(train("whole", steps: steps))
    #expect(whole.status == 0, "\(whole.messages)")
    let limit = Torture.count(short: 6, long: 200)
    var (kills, runs, mostLost) = (0, 0, 0)
    while kills < limit {
      for file in ["parts", "parts.checkpoint"] {
        try? FileManager.default.removeItem(at: charlm.url(file))
      }
      var announced = 0
      while true {
        let path = charlm.folder.path("parts.checkpoint")
        let checkpoint = try? TrainingCheckpoint(path: path)
        #expect((checkpoint?.stepCount ?? 0) >= announced)
        #expect(checkpoint != nil || !FileManager.default.fileExists(atPath: path))
        mostLost = max(mostLost, announced - (checkpoint?.stepCount ?? 0))
        let arguments =
          checkpoint == nil
          ? train("parts", steps: steps, "--checkpoint-every", "0")
          : [
            "train", "--resume", "parts.checkpoint", "--checkpoint-every", "0", "--json", "--quiet",
          ]
        let seconds = Double.random(in: 0...0.4)
        let outcome = try charlm.run(
          arguments, then: SIGKILL, afterSeconds: kills < limit ? seconds : 600)
        announced = max(
          announced,
          outcome.objects.filter { $0["event"] as? String == "checkpoint" }
            .compactMap { $0["step"] as? Int }.max() ?? 0)
        #expect(outcome.status == 0 || outcome.status == SIGKILL, "\(outcome.messages)")
        if outcome.status != 0 { kills += 1 }
        // If it was killed after its end, it has already removed the checkpoint.
        if outcome.objects.last?["event"] as? String == "finished" { break }
      }
      runs += 1
      #expect(try charlm.tensorDigests("parts") == charlm.tensorDigests("whole"))
    }
    #expect(try !charlm.folder.contents().contains { $0.contains(".new") })
    Torture.tell(
      "kill -9 at random moments of \(runs) runs of \(steps) steps, a checkpoint after each step",
      "\(kills), a loadable checkpoint each time, announced steps lost: \(mostLost), all final weights equal"
    )
  }
}
