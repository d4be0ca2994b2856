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

  @Test func aLineThatWasNotFinishedIsCutOff() throws {
    let cut = String(Self.lines.joined().prefix(60))
    #expect(try Self.remaining(cut, throughStep: 100) == Self.lines[0] + "{}\n")
    #expect(try Self.remaining("", throughStep: 100) == "{}\n")
    #expect(try Self.remaining("not a log\n", throughStep: 100) == "{}\n")
  }
}
