import Foundation
import ModelFiles
import Testing
import Tokenization

/// The version that the command prints and that files carry.
@Suite struct VersionTests {
  let charlm: Charlm

  init() throws { charlm = try Charlm() }

  @Test func theVersionIsOneLineWithAllThatResultsDependOn() throws {
    let outcome = try charlm.run("--version")
    #expect(outcome.status == 0)
    let commit = #/( \(commit [0-9a-f]{7,}( with changes)?\))?/#
    let instructions = #/(AVX-512|AVX2|baseline instructions)/#
    let line = try #require(
      outcome.output.wholeMatch(
        of: #/charlm ([0-9.]+)(.*), Swift [0-9][^,]*, ([^,]+), Unicode ([0-9.]+)\n/#))
    #expect(line.1 == CharlmVersion.current)
    #expect(line.2.wholeMatch(of: commit) != nil)
    #expect(line.3.wholeMatch(of: instructions) != nil)
    #expect(line.4 == Tokenizer.systemUnicodeVersion)
  }

  @Test func theEnvironmentLimitsTheInstructionSet() throws {
    var charlm = charlm
    charlm.environment["CHARLM_INSTRUCTION_SET"] = "baseline"
    #expect(try charlm.run("--version").output.contains("baseline instructions"))
    try charlm.write("abc", to: "text.txt")
    let faster = try charlm.run(
      "train", "text.txt", "-o", "model", "--max-steps", "1", "--instruction-set", "avx2")
    #expect(faster.status == 64)
    #expect(faster.messages.contains("baseline"))
    charlm.environment["CHARLM_INSTRUCTION_SET"] = "fast"
    let unknown = try charlm.run("train", "text.txt", "-o", "model", "--max-steps", "1")
    #expect(unknown.status == 64)
    #expect(unknown.messages.contains("CHARLM_INSTRUCTION_SET is 'fast'"))
  }

  @Test func filesSayWhichVersionWroteThem() throws {
    try charlm.trainSmallModel()
    let report = try charlm.run("inspect", "model.safetensors").output
    #expect(report.contains("verified, written by charlm \(CharlmVersion.current)\n"))
    let object = try #require(
      try charlm.run("inspect", "model.safetensors", "--json").objects.first)
    #expect(object["charlm_version"] as? String == CharlmVersion.current)
  }

  @Test func filesOfEarlierVersionsDoNot() throws {
    let model = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "ModelFilesTests/Fixtures/salt-road.safetensors").path
    #expect(try charlm.run("inspect", model).output.contains(" bytes, verified\n"))
    let object = try #require(try charlm.run("inspect", model, "--json").objects.first)
    #expect(object["charlm_version"] is NSNull)
  }
}
