import Foundation
import Glibc
import Testing
import Training

/// The files that a run must not touch, whatever its options are.
@Suite(.serialized) struct OutputSafetyTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.write((0..<200).map { "line \($0 % 10): sheep\n" }.joined(), to: "text.txt")
  }

  private static let settings = [
    "--hidden-size", "8", "--batch-size", "4", "--window", "8", "--evaluate-every", "10",
    "--quiet",
  ]

  private func train(_ options: String...) throws -> Charlm.Outcome {
    try charlm.run(["train", "text.txt", "--max-steps", "20"] + Self.settings + options)
  }

  private func resume(_ options: String...) throws -> Charlm.Outcome {
    try charlm.run(["train", "--resume", "kept", "--max-steps", "40", "--quiet"] + options)
  }

  private func expectRefusal(_ outcome: Charlm.Outcome, _ option: String, status: Int32 = 64) {
    charlm.expectRefusal(outcome, status: status, words: [option])
  }

  @Test func aLogThatIsAPipeWithoutAReaderIsRefused() throws {
    #expect(mkfifo(charlm.folder.path("pipe"), 0o600) == 0)
    expectRefusal(
      try train("--output", "m", "--log", "pipe"), "'pipe' is a pipe that nobody reads", status: 73)
    #expect(try charlm.folder.contents().filter { $0.hasPrefix("m") }.isEmpty)
  }

  /// Standard input is spooled in the folder that `TMPDIR` names, where no file is left.
  @Test func standardInputIsSpooledWhereTheEnvironmentSays() throws {
    var charlm = charlm
    charlm.environment["TMPDIR"] = charlm.folder.path("missing")
    charlm.expectRefusal(
      try charlm.run("tokenize", "--fit", "-", input: "one sheep\n"), status: 73,
      words: ["'\(charlm.folder.path("missing"))/", "No such file or directory"])
    charlm.environment["TMPDIR"] = charlm.folder.path("spool")
    try FileManager.default.createDirectory(
      atPath: charlm.folder.path("spool"), withIntermediateDirectories: false)
    let outcome = try charlm.run("tokenize", "--fit", "-", input: "one sheep\n")
    #expect(outcome.status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: charlm.folder.path("spool")) == [])
  }

  @Test func twoNamesOfOneFileAreFoundOutBeforeItIsThere() throws {
    try expectRefusal(train("--output", "a", "--checkpoint", "./a"), "--checkpoint './a'")
    try expectRefusal(
      train("--output", charlm.folder.path("a"), "--checkpoint", "a"), "--checkpoint 'a'")
    try expectRefusal(train("--output", "a", "--log", ".//a"), "--log './/a'")
    try expectRefusal(train("--output", "a", "--log", "b", "--plot", "./b"), "--plot './b'")
    #expect(try !charlm.folder.contents().contains { ["a", "b"].contains($0) })
  }

  @Test func aCheckpointIsNotWrittenOverByTheRunThatGoesOnFromIt() throws {
    #expect(try train("--output", "model", "--checkpoint", "kept").status == 0)
    let checkpoint = try charlm.read("kept")
    for option in ["--output", "--log", "--plot"] {
      try expectRefusal(resume("--checkpoint", "other", option, "./kept"), "\(option) './kept'")
    }
    #expect(try charlm.read("kept") == checkpoint)
    // A second name of the same file is not a second file.
    let outcome = try resume("--checkpoint", "./kept")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(try TrainingCheckpoint(path: charlm.folder.path("kept")).stepCount == 40)
    #expect(try !charlm.folder.contents().contains("kept.previous"))
  }

  @Test func whatStandsInTheNewPlaceOfCheckpointsIsSetAside() throws {
    #expect(try train("--output", "model", "--checkpoint", "kept").status == 0)
    try charlm.write("precious", to: "other")
    let outcome = try resume("--checkpoint", "other")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(try charlm.text("other.previous") == "precious")
    #expect(try TrainingCheckpoint(path: charlm.folder.path("other")).stepCount == 40)
    #expect(try TrainingCheckpoint(path: charlm.folder.path("kept")).stepCount == 20)
  }

  @Test func aPipeIsNoPlaceForAModelButForALog() throws {
    #expect(mkfifo(charlm.folder.path("pipe"), 0o600) == 0)
    try expectRefusal(train("--output", "pipe"), "'pipe'", status: 73)
    try expectRefusal(train("--output", "model", "--plot", "pipe"), "'pipe'", status: 73)
    var status = stat()
    #expect(stat(charlm.folder.path("pipe"), &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFIFO)
    #expect(try train("--output", "model", "--log", "/dev/null").status == 0)
  }

  @Test func aNameThatIsEmptyIsRefusedBeforeAnyWork() throws {
    try expectRefusal(train("--output", ""), "the name is empty", status: 73)
  }

  private static let endless = ["--max-steps", "1000000", "--checkpoint-every", "0", "--json"]

  @Test func twoRunsDoNotWriteTheSameFiles() throws {
    let first = ["train", "text.txt", "--output", "first"] + Self.settings + Self.endless
    let stopped = try charlm.run(first, afterLines: 4) { process in
      let other = try Charlm()
      let folder = charlm.folder.url.path
      for (options, path) in [
        (["\(folder)/text.txt", "--output", "\(folder)/first"], "\(folder)/first"),
        (
          ["\(folder)/text.txt", "--output", "second", "--checkpoint"]
            + ["\(folder)/first.checkpoint"], "first.checkpoint"
        ),
        (["--resume", "\(folder)/first.checkpoint", "--output", "second"], "first.checkpoint"),
      ] {
        let outcome = try other.run(["train", "--max-steps", "9", "--quiet"] + options)
        expectRefusal(outcome, "\(path)' now", status: 73)
      }
      kill(process.processIdentifier, SIGINT)
    }
    #expect(stopped.status == 130, "\(stopped.messages)")
    #expect(try charlm.folder.contents().contains("first.checkpoint"))
    let resumed = try charlm.run(
      "train", "--resume", "first.checkpoint", "--max-steps", "9", "--quiet")
    #expect(resumed.status == 0, "\(resumed.messages)")
  }

  @Test func aRunWhoseOutputNobodyReadsAnyMoreCanGoOn() throws {
    let process = try charlm.process(
      ["train", "text.txt", "--output", "model"] + Self.settings + Self.endless)
    let output = UnreadPipe()
    process.standardOutput = output.pipe
    try process.run()
    defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    _ = try output.read(lines: 5)
    try output.pipe.fileHandleForReading.close()
    try wait("the run did not end", while: true) { !process.isRunning }
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 75)
    let messages = try charlm.text("standard-error")
    #expect(messages.contains("standard output failed"), "\(messages)")
    #expect(messages.contains("charlm train --resume 'model.checkpoint'"), "\(messages)")
    #expect(try TrainingCheckpoint(path: charlm.folder.path("model.checkpoint")).stepCount > 0)
  }

  @Test func aRunWhoseMessagesNobodyReadsAnyMoreGoesOn() throws {
    let process = try charlm.process(
      ["train", "text.txt", "--output", "model", "--max-steps", "20"]
        + Self.settings.filter { $0 != "--quiet" })
    let messages = Pipe()
    process.standardError = messages
    try process.run()
    try messages.fileHandleForReading.close()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 0)
    #expect(try charlm.folder.contents().contains("model"))
  }

  /// The exit status of the command, run by a shell that closes some of its streams.
  private func run(_ arguments: String, closing streams: String) throws -> Int32 {
    let shell = try charlm.process([])
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "'\(Charlm.executable.path)' \(arguments) \(streams)"]
    try shell.run()
    shell.waitUntilExit()
    return shell.terminationStatus
  }

  @Test func aClosedStreamIsNotTheNextFile() throws {
    let train =
      "train text.txt --output model --max-steps 20 --log log --evaluate-every 5 --hidden-size 8"
    #expect(try run(train, closing: "2>&-") == 0)
    let lines = try charlm.text("log").split(separator: "\n")
    #expect(lines.count >= 6)
    #expect(lines.allSatisfy { $0.first == "{" })
    // The first event cannot be written, so there is no checkpoint yet.
    #expect(try run(train + " --json", closing: ">&- 2>&-") == 74)
    #expect(try run("evaluate model -", closing: "<&-") == 74)
    #expect(try run("evaluate model text.txt", closing: ">&-") == 74)
  }
}
