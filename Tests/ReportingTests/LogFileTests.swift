import Foundation
import Reporting
import TestSupport
import Testing

@Suite struct LogFileTests {
  static func remaining(_ text: String, throughStep step: Int) throws -> String {
    let folder = try TemporaryFolder()
    let path = folder.path("run.jsonl")
    try Data(text.utf8).write(to: URL(filePath: path))
    let log = try LogFile(path: path)
    try log.truncate(toStep: step)
    try log.append("{}")
    return try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  static let lines = [
    #"{"event":"step","step":1,"loss":2.5}"#, #"{"event":"step","step":50,"loss":2.0}"#,
    #"{"event":"sample","step":50,"text":"\"step\":900"}"#,
    #"{"event":"step","step":100,"loss":1.5}"#, #"{"event":"finished","steps":100,"best_step":50}"#,
  ].map { $0 + "\n" }

  @Test(arguments: [(0, 0), (1, 1), (49, 1), (50, 3), (99, 3), (100, 4), (1_000, 4)])
  func whatIsBeyondTheStepIsCutOff(step: Int, kept: Int) throws {
    #expect(
      try Self.remaining(Self.lines.joined(), throughStep: step)
        == Self.lines.prefix(kept).joined() + "{}\n")
  }

  /// A run that went back to earlier weights passes a step twice.
  @Test func whatFollowsTheCheckpointIsCutOff() throws {
    let lines = [
      #"{"event":"checkpoint","step":120,"file":"first"}"#, #"{"event":"step","step":150}"#,
      #"{"event":"went_back","step":100,"learning_rate_scale":0.5}"#,
      #"{"event":"checkpoint","step":120,"file":"second"}"#,
      #"{"event":"validation","step":120}"#, #"{"event":"step","step":150}"#,
      #"{"event":"sample","step":150,"text":"{\"event\":\"checkpoint\",\"step\":120"}"#,
    ].map { $0 + "\n" }
    #expect(
      try Self.remaining(lines.joined(), throughStep: 120) == lines.prefix(4).joined() + "{}\n")
    #expect(
      try Self.remaining(lines.joined(), throughStep: 149) == lines.prefix(1).joined() + "{}\n")
    // What is done again after a resumption.
    let end = [lines[0], lines[4]]
    #expect(try Self.remaining(end.joined(), throughStep: 120) == lines[0] + "{}\n")
  }

  @Test func aNewRunBeginsANewLog() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("run.jsonl")
    try Data(#"{"event":"checkpoint","step":0,"file":"old"}"#.utf8).write(to: URL(filePath: path))
    let log = try LogFile(path: path)
    try log.clear()
    try log.append("{}")
    #expect(try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self) == "{}\n")
  }

  @Test func aLineThatWasNotFinishedIsCutOff() throws {
    let cut = String(Self.lines.joined().prefix(60))
    #expect(try Self.remaining(cut, throughStep: 100) == Self.lines[0] + "{}\n")
    #expect(try Self.remaining("", throughStep: 100) == "{}\n")
    #expect(try Self.remaining("not a log\n", throughStep: 100) == "{}\n")
  }
}
