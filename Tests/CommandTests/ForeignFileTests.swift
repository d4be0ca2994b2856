import Foundation
import TestSupport
import Testing
import Training

/// Checkpoints, states and compressed files of somebody else: what they say chooses no file.
@Suite(.serialized) struct ForeignFileTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.write((0..<200).map { "line \($0 % 10): sheep\n" }.joined(), to: "text.txt")
    for folder in ["run", "victim"] {
      try FileManager.default.createDirectory(
        at: charlm.url(folder), withIntermediateDirectories: false)
    }
    let outcome = try charlm.run(
      ["train", "text.txt", "--output", "run/model", "--checkpoint", "run/kept"]
        + ["--max-steps", "20", "--hidden-size", "8", "--batch-size", "4", "--window", "8"]
        + ["--evaluate-every", "10", "--quiet"])
    guard outcome.status == 0 else { throw Charlm.Failure(outcome.messages) }
    try charlm.write("precious", to: "victim/precious")
  }

  /// Rewrites what the checkpoint says about its command.
  private func forge(_ change: (inout [String: Any]) throws -> Void) throws {
    let path = charlm.folder.path("run/kept")
    var checkpoint = try TrainingCheckpoint(path: path)
    let text = try #require(checkpoint.annotations["command"])
    var command = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    try change(&command)
    checkpoint.annotations["command"] = try String(
      decoding: JSONSerialization.data(withJSONObject: command), as: UTF8.self)
    try checkpoint.write(to: path)
  }

  private func resume(_ options: String...) throws -> Charlm.Outcome {
    try charlm.run(["train", "--resume", "run/kept", "--max-steps", "40"] + options)
  }

  @Test(arguments: ["victim/precious", "victim/new", "run/.hidden", "run/../victim/new"])
  func aRecordedOutputElsewhereIsRefused(path: String) throws {
    let full = charlm.folder.path(path)
    for option in ["--log", "--plot", "--tensorboard"] {
      try forge { command in
        let arguments = try #require(command["arguments"] as? [String])
        command["arguments"] = arguments.filter { !$0.contains("=/") } + ["\(option)=\(full)"]
      }
      charlm.expectRefusal(
        try resume(), status: 64, words: ["run/kept", "\(option) '\(full)'", "again"])
    }
    try forge { $0["output"] = full }
    charlm.expectRefusal(try resume(), status: 64, words: ["--output '\(full)'"])
    #expect(try charlm.text("victim/precious") == "precious")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: charlm.folder.path("victim")).count == 1)
  }

  /// A file in the folder of the checkpoint is replaced only by its own kind.
  @Test func aRecordedOutputDoesNotReplaceAnotherKindOfFile() throws {
    try charlm.write("precious", to: "run/precious")
    try forge {
      $0["arguments"] = try #require($0["arguments"] as? [String]) + ["--log=run/precious"]
    }
    charlm.expectRefusal(try resume(), status: 64, words: ["--log 'run/precious'"])
    // Given again, it is used; what was there is kept.
    let outcome = try resume("--log", "run/precious")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("run/precious.previous"))
    #expect(try charlm.text("run/precious.previous") == "precious")
    #expect(try charlm.text("run/precious").hasPrefix(#"{"event":"#))
  }

  @Test func aLinkOutOfTheFolderIsElsewhere() throws {
    try FileManager.default.createSymbolicLink(
      atPath: charlm.folder.path("run/link"), withDestinationPath: "../victim/precious")
    try forge { $0["output"] = "run/link" }
    charlm.expectRefusal(try resume(), status: 64, words: ["--output 'run/link'"])
    #expect(try charlm.text("victim/precious") == "precious")
  }

  @Test func namesWithZeroBytesAndPipesAreRefused() throws {
    try forge { $0["output"] = "run/a\u{0}b" }
    charlm.expectRefusal(try resume(), status: 65, words: ["zero byte"])
    #expect(mkfifo(charlm.folder.path("run/pipe"), 0o600) == 0)
    try forge {
      $0["output"] = "run/model"
      var texts = try #require($0["texts"] as? [[String: Any]])
      texts[0]["name"] = "/dev/zero"
      $0["texts"] = texts
    }
    charlm.expectRefusal(try resume(), status: 64, words: ["'/dev/zero'", "texts"])
    // Texts that are given again do not stand for the validation text.
    try forge { command in
      var texts = try #require(command["texts"] as? [[String: Any]])
      command["validation_text"] = texts[0]
      texts[0]["name"] = "text.txt"
      command["texts"] = texts
    }
    charlm.expectRefusal(
      try charlm.run("train", "text.txt", "--resume", "run/kept", "--max-steps", "40"),
      status: 64, words: ["'/dev/zero'"])
  }

  @Test func inspectShowsWhatARunReadsAndWrites() throws {
    try forge {
      $0["arguments"] = try #require($0["arguments"] as? [String]) + ["--log=/etc/log"]
    }
    let outcome = try charlm.run("inspect", "run/kept")
    for word in ["text.txt, ", "run/model", "/etc/log"] {
      #expect(outcome.output.contains(word), "\(outcome.output)")
    }
  }

  /// Nothing that a file says moves the cursor of a terminal.
  @Test func namesAreShownWithoutEscapeSequences() throws {
    try forge { $0["instruction_set"] = "\u{1B}]0;owned\u{7}\u{9B}2J" }
    try charlm.write("line 1: sheep\n", to: "a\u{9B}2J")
    let resumed = try resume()
    #expect(resumed.messages.contains("U+001B]0;ownedU+0007U+009B2J"), "\(resumed.messages)")
    let json = try charlm.run("evaluate", "run/model", "a\u{9B}2J", "--json")
    #expect(json.output.contains(#"a\u009b2J"#), "\(json.output)")
    for outcome in [
      resumed, json, try charlm.run("inspect", "run/kept"),
      try charlm.run("inspect", "a\u{1B}[2J\nb"),
      try charlm.run("evaluate", "run/model", "a\u{1B}[2J\u{202E}b"),
    ] {
      let all = outcome.output + outcome.messages
      #expect(
        !all.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x9B || $0.value == 0x202E })
    }
  }

  /// Nor does a text that comes out of a model; a pipe gets it as it is.
  @Test func textsAreShownWithoutEscapeSequences() throws {
    let hostile = "\u{1B}[2J\u{9B}31m\u{7}\u{202E}\u{7F}"
    try charlm.write(String(repeating: hostile, count: 40), to: "hostile.txt")
    _ = try charlm.run(
      "train", "hostile.txt", "--output", "hostile", "--from", "none", "--hidden-size", "4",
      "--max-steps", "2", "--batch-size", "1", "--window", "8", "--quiet")
    let ids = try charlm.run("tokenize", "hostile", "hostile.txt").output
    try charlm.write(ids, to: "ids.txt")
    for arguments in [
      ["generate", "hostile", "--length", "60", "--seed", "1", "--quiet"],
      ["generate", "hostile", "--length", "60", "--seed", "1", "--count", "2", "--quiet"],
      ["tokenize", "hostile", "ids.txt", "--decode"],
    ] {
      let piped = try charlm.run(arguments).output
      #expect(piped.unicodeScalars.contains("\u{1B}"), "\(arguments)")
      let terminal = try PseudoTerminal(
        [Charlm.executable.path] + arguments, in: charlm.folder.url)
      #expect(try terminal.waitForEnd() == 0)
      #expect(terminal.screen.contains("U+001B"), "\(terminal.screen)")
      let obeyed = terminal.screen.unicodeScalars.filter {
        $0.properties.generalCategory == .control || $0 == "\u{202E}"
      }
      #expect(obeyed.allSatisfy { $0 == "\r" || $0 == "\n" }, "\(obeyed)")
    }
  }
}
