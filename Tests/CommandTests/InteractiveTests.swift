import Foundation
import TestSupport
import Testing

/// `charlm generate --interactive` at a terminal.
@Suite(.serialized) struct InteractiveTests {
  let charlm: Charlm
  private static let end = "\u{1B}[?2004l"

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
  }

  private func start(_ options: String...) throws -> PseudoTerminal {
    try PseudoTerminal(
      [Charlm.executable.path, "generate", "model.safetensors", "--interactive"] + options,
      in: charlm.folder.url)
  }

  /// Checks that the terminal is as it was when the command started.
  private func expectAsFound(_ terminal: PseudoTerminal) {
    let found = terminal.settings("found")
    #expect(found != nil && terminal.settings("left") == found)
    #expect(terminal.screen.contains(Self.end))
  }

  @Test func aTextIsWrittenInTurns() throws {
    let generated = try charlm.run(
      "generate", "model.safetensors", "--prompt", "line 3", "--seed", "4", "--length", "40",
      "--json"
    ).objects[0]
    let expected = "line 3" + (try #require(generated["text"] as? String))
    let terminal = try start("--seed", "4", "--length", "40")
    try terminal.wait(for: "> ")
    #expect(terminal.isRaw())
    // Edited: a wrong word deleted, a letter inserted, UTF-8 and keys of several bytes.
    terminal.type("☃ wrong\u{17}\u{7F}\u{7F}lne 3\u{1B}[H\u{1B}[C")
    terminal.type("i\r")
    try terminal.wait(for: expected.replacing("\n", with: "\r\n"))
    terminal.type("/undo\r")
    try terminal.wait(for: "\u{1B}[K> /undo\r\nThe text is empty again.")
    terminal.type("/seed 4\r")
    try terminal.wait(for: "has the seed 4.")
    // Three lines back in the history is the first one.
    terminal.type("\u{1B}[A\u{1B}[A\u{1B}[A\r")
    try terminal.wait(for: expected.replacing("\n", with: "\r\n"))
    terminal.type("/next\r")
    try terminal.wait(for: "█")
    terminal.type("/temperature 0\r/temperature\r")
    try terminal.wait(for: "The temperature is 0.0.")
    try terminal.wait(for: "The temperature is 0.0.")
    terminal.type("/temperature -1\r")
    try terminal.wait(for: "The temperature is -1: give")
    terminal.type("/save story.txt\r")
    try terminal.wait(for: "to 'story.txt'.")
    // The session's own file is replaced; another one is kept.
    terminal.type("/save story.txt\r")
    try terminal.wait(for: "to 'story.txt'.")
    try charlm.write("precious", to: "other.txt")
    terminal.type("/save other.txt\r")
    try terminal.wait(for: "kept as 'other.txt.previous'")
    terminal.type("more\r/quit\r")
    try terminal.wait(for: "The text is not saved")
    terminal.type("/quit\r")
    #expect(try terminal.waitForEnd() == 0)
    #expect(try String(decoding: charlm.read("story.txt"), as: UTF8.self) == expected)
    #expect(try charlm.text("other.txt.previous") == "precious")
    expectAsFound(terminal)
  }

  @Test func controlCStopsTheModel() throws {
    let terminal = try start("--length", "100000000", "--prompt", "line 3", "--save-state", "state")
    try terminal.wait(for: "line 3")
    terminal.type("\r")
    try terminal.wait(for: "s")  // of a sheep: no key echoes one
    terminal.type("\u{3}")
    try terminal.wait(for: "> ")
    terminal.type("dropped\u{3}")
    try terminal.wait(for: "^C")
    terminal.type("/undo\r")
    try terminal.wait(for: "The text ends: line 3")
    terminal.type("\u{4}")
    #expect(try terminal.waitForEnd() == 0)
    expectAsFound(terminal)
    #expect(try charlm.run("generate", "model.safetensors", "--load-state", "state").status == 0)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
  func signalsLeaveTheTerminalAsItWas(signal: Int32) throws {
    let waiting = try start()
    try waiting.wait(for: "> ")
    try waiting.send(signal)
    #expect(try waiting.waitForEnd() == 128 + signal)
    expectAsFound(waiting)

    let writing = try start("--length", "100000000")
    try writing.wait(for: "> ")
    writing.type("line\r")
    try writing.wait(for: "s")
    try writing.send(signal)
    #expect(try writing.waitForEnd() == 128 + signal)
    expectAsFound(writing)
  }

  @Test func aCrashLeavesTheTerminalAsItWas() throws {
    let terminal = try start()
    try terminal.wait(for: "> ")
    try terminal.send(SIGSEGV)
    #expect(try terminal.waitForEnd() == 128 + SIGSEGV)
    expectAsFound(terminal)
  }

  @Test func whileSuspendedTheTerminalIsAsItWas() throws {
    let terminal = try start()
    try terminal.wait(for: "> ")
    terminal.type("line 3")
    try terminal.wait(for: "line 3")
    terminal.type("\u{1A}")
    // It resumes in raw mode with the same line, which may be drawn more than once.
    let resumed = "\u{1B}[?2004h\r\u{1B}[K> line 3"
    try terminal.wait(for: resumed)
    try terminal.waitForSuspensions(1)
    // Which thread receives a signal is random; a fault that occurs once persists to the end.
    for number in 1...Torture.count(short: 30, long: 300) {
      try terminal.send(SIGTSTP)
      try terminal.wait(for: resumed)
      try terminal.waitForSuspensions(number + 1)
    }
    terminal.type("\u{15}/quit\r")
    #expect(try terminal.waitForEnd() == 0)
    #expect(terminal.settings("suspended") == terminal.settings("found"))
    expectAsFound(terminal)
  }

  @Test func continuingAtTheEndLeavesTheTerminalAsItWas() throws {
    for _ in 0..<Torture.count(short: 3, long: 100) {
      let terminal = try start()
      try terminal.wait(for: "> ")
      terminal.type("/quit\r")
      try wait("it did not end", while: true) {
        for _ in 0..<100 { try? terminal.send(SIGCONT) }
        return terminal.settings("left") != nil
      }
      #expect(try terminal.waitForEnd() == 0)
      expectAsFound(terminal)
    }
  }

  @Test(arguments: [
    ([], "--prompt"), (["--json"], "--json"), (["--count", "2"], "--count"),
    (["--beams", "2"], "--beams"), (["--best-of", "2"], "--best-of"),
    (["--warm-up", "-"], "--warm-up -"), (["--prompt-file", "-"], "--prompt-file -"),
  ])
  func withoutATerminalItIsRefused(options: [String], word: String) throws {
    let outcome = try charlm.run(["generate", "model.safetensors", "--interactive"] + options)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.messages.contains(word))
  }
}
