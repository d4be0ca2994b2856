import Foundation
import Testing
import Training

/// What a run leaves alone, whatever its options say.
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
    #expect(outcome.status == status, "\(outcome.messages)")
    #expect(outcome.messages.hasPrefix("charlm: "), "\(outcome.messages)")
    #expect(outcome.messages.contains(option), "\(outcome.messages)")
    #expect(outcome.messages.split(separator: "\n").count == 1, "\(outcome.messages)")
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
    // A second name of it is not a second file.
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
}
