import Foundation
import TestSupport
import Testing
import Training

/// One policy for all outputs: what is in the way is kept, unless `--overwrite` is given.
@Suite(.serialized) struct OutputPolicyTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
  }

  private static let outputs: [(command: [String], output: String)] = [
    (
      ["train", "text.txt", "--max-steps", "3", "--hidden-size", "4", "--batch-size", "4"]
        + ["--window", "8", "--output"], "other.safetensors"
    ),
    (
      ["train", "text.txt", "--max-steps", "3", "--hidden-size", "4", "--batch-size", "4"]
        + ["--window", "8", "--output", "x.safetensors", "--overwrite", "--log"], "log"
    ),
    (
      ["train", "text.txt", "--max-steps", "3", "--hidden-size", "4", "--batch-size", "4"]
        + ["--window", "8", "--output", "y.safetensors", "--plot"], "plot"
    ),
    (["evaluate", "model.safetensors", "text.txt", "--html"], "page"),
    (["evaluate", "model.safetensors", "text.txt", "--per-character"], "table"),
    (["generate", "model.safetensors", "--length", "5", "--save-state"], "state"),
    (["compress", "model.safetensors", "text.txt", "--output"], "compressed"),
    (["diagnose", "gradients", "text.txt", "--cell", "rnn", "--windows", "1", "--plot"], "curves"),
  ]

  @Test func whatIsInTheWayIsKept() throws {
    for (command, output) in Self.outputs {
      try charlm.write("precious", to: output)
      let outcome = try charlm.run(command + [output])
      #expect(outcome.status == 0, "\(command) \(outcome.messages)")
      if command.contains("--overwrite") {
        #expect(!FileManager.default.fileExists(atPath: charlm.folder.path(output + ".previous")))
      } else {
        #expect(try charlm.text(output + ".previous") == "precious", "\(command)")
        #expect(outcome.messages.contains("'\(output).previous'"), "\(outcome.messages)")
        let again = try charlm.run(command + [output, "--overwrite"])
        #expect(again.status == 0, "\(command) \(again.messages)")
        #expect(!FileManager.default.fileExists(atPath: charlm.folder.path(output + ".previous-2")))
      }
      #expect(try charlm.read(output) != Array("precious".utf8))
    }
  }

  @Test func decompressionKeepsWhatIsInTheWay() throws {
    #expect(try charlm.run("compress", "model.safetensors", "text.txt").status == 0)
    let original = try charlm.read("text.txt")
    try charlm.write("precious", to: "text.txt")
    let outcome = try charlm.run("decompress", "model.safetensors", "text.txt.charlm")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(try charlm.read("text.txt") == original)
    #expect(try charlm.text("text.txt.previous") == "precious")
  }

  /// A compressed file holds the text, so it is as secret.
  @Test func compressedFilesHaveThePermissionsOfTheirTexts() throws {
    func mode(_ name: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: charlm.folder.path(name))[.posixPermissions]
        as? Int
    }
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: charlm.folder.path("text.txt"))
    #expect(try charlm.run("compress", "model.safetensors", "text.txt").status == 0)
    #expect(try mode("text.txt.charlm") == 0o600)
    #expect(
      try charlm.run(
        "decompress", "model.safetensors", "text.txt.charlm", "--output", "copy"
      ).status == 0)
    #expect(try mode("copy") == 0o600)
  }

  @Test func noCheckpointOfAnEarlierRunIsLost() throws {
    let run =
      ["train", "text.txt", "--output", "m", "--max-steps", "100000", "--hidden-size", "4"]
      + ["--batch-size", "4", "--window", "8", "--json", "--checkpoint-every", "0"]
    for _ in 1...3 {
      #expect(try charlm.run(run, then: SIGINT, afterLines: 4).status == 130)
    }
    for name in ["m.checkpoint", "m.checkpoint.previous", "m.checkpoint.previous-2"] {
      #expect(try TrainingCheckpoint(path: charlm.folder.path(name)).stepCount > 0)
    }
  }

  /// A run is resumed after another one wrote to its outputs.
  @Test func whatAnotherRunWroteIsKept() throws {
    let files = ["m", "l.jsonl", "p.svg"]
    let run =
      ["train", "text.txt", "--output", "m", "--log", "l.jsonl", "--plot", "p.svg"]
      + ["--batch-size", "4", "--window", "8", "--evaluate-every", "10", "--json"]
    func stop() throws {
      let endless = ["--hidden-size", "4", "--max-steps", "100000", "--checkpoint-every", "0"]
      #expect(try charlm.run(run + endless, then: SIGINT, afterLines: 30).status == 130)
    }
    func previous() throws -> [String] {
      try charlm.folder.contents().filter { $0.contains(".previous") }
    }
    func resume(_ checkpoint: String) throws -> (outcome: Charlm.Outcome, after: Int) {
      let steps = try TrainingCheckpoint(path: charlm.folder.path(checkpoint)).stepCount
      let outcome = try charlm.run(
        "train", "--resume", checkpoint, "--max-steps", "\(steps + 15)")
      #expect(outcome.status == 0, "\(outcome.messages)")
      return (outcome, steps)
    }
    try stop()
    let own = try resume("m.checkpoint").outcome
    #expect(try !own.messages.contains("kept as") && previous().isEmpty, "\(own.messages)")
    for file in files { try FileManager.default.removeItem(at: charlm.url(file)) }

    try stop()
    #expect(try charlm.run(run + ["--hidden-size", "6", "--max-steps", "20"]).status == 0)
    let others = try files.map { try charlm.read($0) }
    let (outcome, steps) = try resume("m.checkpoint.previous")
    let kept = try previous().map { try charlm.read($0) }
    for (file, other) in zip(files, others) {
      #expect(try charlm.read(file) != other && kept.contains(other), "\(file)")
      #expect(outcome.messages.contains("'\(file)' exists already"), "\(outcome.messages)")
    }
    // The new log says what was run, too.
    let start = try charlm.text("l.jsonl").prefix { $0 != "\n" }
    #expect(start.hasPrefix(#"{"event":"started","step":\#(steps),"run":"#), "\(start)")
  }

  @Test func aRunWhoseBudgetIsSpentKeepsItsCheckpoint() throws {
    let run =
      ["train", "text.txt", "--output", "m", "--max-steps", "100000", "--hidden-size", "4"]
      + ["--batch-size", "4", "--window", "8", "--json", "--checkpoint-every", "0"]
    #expect(try charlm.run(run, then: SIGINT, afterLines: 4).status == 130)
    let steps = try TrainingCheckpoint(path: charlm.folder.path("m.checkpoint")).stepCount
    for (option, value) in [("--max-steps", "1"), ("--epochs", "1e-9"), ("--minutes", "1e-9")] {
      let outcome = try charlm.run("train", "--resume", "m.checkpoint", option, value)
      #expect(outcome.status == 0, "\(outcome.messages)")
      #expect(outcome.messages.contains("already"), "\(outcome.messages)")
    }
    #expect(try TrainingCheckpoint(path: charlm.folder.path("m.checkpoint")).stepCount == steps)
    let longer = try charlm.run(
      "train", "--resume", "m.checkpoint", "--max-steps", "\(steps + 5)", "--quiet")
    #expect(longer.status == 0, "\(longer.messages)")
  }

  @Test func aCommandToPasteIsQuotedForTheShell() throws {
    let outcome = try charlm.run(
      ["train", "text.txt", "--output", "it's", "--max-steps", "100000", "--hidden-size", "4"]
        + ["--batch-size", "4", "--window", "8", "--json"], then: SIGINT, afterLines: 4)
    #expect(outcome.messages.contains(#"--resume 'it'\''s.checkpoint'"#), "\(outcome.messages)")
  }

  @Test func namesThatAreNotUTF8AreRefused() throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = [
      "-c",
      #"""
      cd "$1"; name=$(printf 'm\377.safetensors')
      "$0" train text.txt --max-steps 1 --hidden-size 4 --output "$name"
      """#,
      Charlm.executable.path, charlm.folder.url.path,
    ]
    let messages = Pipe()
    shell.standardError = messages
    try shell.run()
    let text = try String(
      decoding: messages.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 64)
    #expect(text.contains("not UTF-8"), "\(text)")
    #expect(try !charlm.folder.contents().contains { $0.hasPrefix("m\u{FFFD}") })
  }

  @Test func aDashIsNoOutput() throws {
    for command in [
      ["train", "text.txt", "--max-steps", "1", "--output", "-"],
      ["compress", "model.safetensors", "text.txt", "--output", "-"],
      ["evaluate", "model.safetensors", "text.txt", "--html", "-"],
    ] {
      charlm.expectRefusal(try charlm.run(command), status: 64, words: ["'-'", "./-"])
    }
  }

  @Test func theEventFolderIsNotAnotherOutput() throws {
    let run = ["train", "text.txt", "--max-steps", "1", "--hidden-size", "4", "--output", "new"]
    charlm.expectRefusal(
      try charlm.run(run + ["--tensorboard", "new"]), status: 64, words: ["--tensorboard 'new'"])
    try FileManager.default.createSymbolicLink(
      atPath: charlm.folder.path("link"), withDestinationPath: "new")
    charlm.expectRefusal(
      try charlm.run(run + ["--log", "link"]), status: 64, words: ["--log 'link'"])
  }

  /// Parents such as Node.js make a pipe that does not block.
  @Test func outputThatDoesNotBlockIsWaitedFor() throws {
    let process = try charlm.process(
      ["generate", "model.safetensors", "--length", "150000", "--seed", "1", "--quiet"])
    let pipe = Pipe()
    let descriptor = pipe.fileHandleForWriting.fileDescriptor
    #expect(fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) >= 0)
    process.standardOutput = pipe
    try process.run()
    try pipe.fileHandleForWriting.close()
    Thread.sleep(forTimeInterval: 0.5)
    let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(String(decoding: bytes, as: UTF8.self).unicodeScalars.count >= 150_000)
  }

  @Test func standardInputCanBeDecompressed() throws {
    #expect(try charlm.run("compress", "model.safetensors", "text.txt").status == 0)
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.currentDirectoryURL = charlm.folder.url
    shell.arguments = [
      "-c", #"cat text.txt.charlm | "$0" decompress model.safetensors - --output copy --quiet"#,
      Charlm.executable.path,
    ]
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    #expect(try charlm.read("copy") == charlm.read("text.txt"))
  }
}
