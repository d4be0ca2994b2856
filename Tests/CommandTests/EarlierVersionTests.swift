import Foundation
import TestSupport
import Testing

/// Files that earlier versions wrote, a folder for each version. A release adds its own.
@Suite struct EarlierVersionTests {
  let charlm: Charlm

  static let versions = ["0.9.0"]

  init() throws { charlm = try Charlm() }

  /// Copies the files of a version to the working folder.
  private func copyFiles(of version: String) throws {
    let folder = try #require(
      Bundle.module.url(forResource: version, withExtension: nil, subdirectory: "Fixtures"))
    for file in try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    {
      try FileManager.default.copyItem(
        at: file, to: charlm.folder.url.appending(path: file.lastPathComponent))
    }
  }

  /// Runs a command that must succeed, with the instruction set that wrote the files.
  @discardableResult
  private func run(_ arguments: String...) throws -> Charlm.Outcome {
    let outcome = try charlm.run(arguments + ["--instruction-set", "baseline"])
    #expect(outcome.status == 0, "\(arguments): \(outcome.messages)")
    return outcome
  }

  @Test(arguments: versions) func everyFileIsRead(version: String) throws {
    try copyFiles(of: version)
    for file in ["model.safetensors", "run.checkpoint"] {
      let json = try run("inspect", file, "--json").objects[0]
      #expect(json["charlm_version"] as? String == version)
    }
    let scores = try run("evaluate", "model.safetensors", "text.txt", "--json").objects[0]
    #expect(scores["nats_per_character"] as? Double ?? .infinity < 4)
    let text =
      try run(
        "generate", "model.safetensors", "--load-state", "state.safetensors", "--length", "20",
        "--seed", "1", "--json"
      ).objects[0]["text"] as? String
    #expect(text?.count == 20)
    try run("decompress", "model.safetensors", "text.txt.charlm", "--output", "again.txt")
    #expect(try charlm.read("again.txt") == charlm.read("text.txt"))
    try run(
      "train", "--resume", "run.checkpoint", "--max-steps", "50", "--output", "more", "--quiet")
    let steps = try run("inspect", "run.checkpoint", "--json").objects[0]["step"] as? Int
    #expect(steps == 50)
  }
}
