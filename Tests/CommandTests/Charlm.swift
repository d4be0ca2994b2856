import Foundation
import TestSupport

/// Runs the `charlm` that was built with the tests, as a shell would.
struct Charlm {
  /// The result of a run.
  struct Outcome {
    var status: Int32
    var output: String
    var messages: String

    /// The lines of standard output as JSON objects.
    var objects: [[String: Any]] {
      output.split(separator: "\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
    }
  }

  /// The working folder, a separate one for each test.
  let folder: TemporaryFolder
  /// The environment of the command, without the preferences that people who run the tests have for
  /// their own output.
  var environment = ProcessInfo.processInfo.environment.filter { $0.key != "NO_COLOR" }

  init() throws { folder = try TemporaryFolder() }

  static let executable = URL(filePath: CommandLine.arguments[0])
    .deletingLastPathComponent().appending(path: "charlm")

  /// Runs the command in `folder` with `input` on standard input.
  func run(_ arguments: String..., input: String = "") throws -> Outcome {
    try run(arguments, input: input)
  }

  func run(_ arguments: [String], input: String = "") throws -> Outcome {
    try run(arguments, input: input) { _ in }
  }

  /// Sends a signal once the command has printed `count` lines.
  /// - Precondition: as for the action.
  func run(_ arguments: [String], then signal: Int32, afterLines count: Int) throws -> Outcome {
    try run(arguments, afterLines: count) { kill($0.processIdentifier, signal) }
  }

  /// Runs an action once the command has printed `count` lines.
  ///
  /// Until it is done, no output after them is read, so a command that prints more than another
  /// 4,096 bytes cannot have ended, however slowly it runs on a busy machine.
  /// - Precondition: the command prints that much.
  func run(
    _ arguments: [String], afterLines count: Int, _ action: (Process) throws -> Void
  ) throws -> Outcome {
    let process = try process(arguments)
    let output = UnreadPipe()
    process.standardOutput = output.pipe
    try process.run()
    defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    var text = try output.read(lines: count)
    try action(process)
    text += try output.readToEnd()
    process.waitUntilExit()
    return try Outcome(
      status: process.terminationStatus, output: text, messages: self.text("standard-error"))
  }

  /// Sends a signal after some time, unless the command has ended.
  func run(
    _ arguments: [String], then signal: Int32, afterSeconds seconds: Double
  ) throws -> Outcome {
    try run(arguments) { process in
      let end = Date(timeIntervalSinceNow: seconds)
      while process.isRunning, Date() < end { Thread.sleep(forTimeInterval: 0.002) }
      if process.isRunning { kill(process.processIdentifier, signal) }
    }
  }

  private func run(
    _ arguments: [String], input: String = "", meanwhile: (Process) throws -> Void
  ) throws -> Outcome {
    let process = try process(arguments, input: input)
    try process.run()
    try meanwhile(process)
    process.waitUntilExit()
    return try Outcome(
      status: process.terminationStatus,
      output: String(decoding: read("standard-output"), as: UTF8.self),
      messages: String(decoding: read("standard-error"), as: UTF8.self))
  }

  /// The command, not yet started; its output goes to files of `folder`.
  func process(_ arguments: [String], input: String = "") throws -> Process {
    try write(Array(input.utf8), to: "standard-input")
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    process.environment = environment
    process.standardInput = try FileHandle(forReadingFrom: url("standard-input"))
    for name in ["standard-output", "standard-error"] { try write([], to: name) }
    process.standardOutput = try FileHandle(forWritingTo: url("standard-output"))
    process.standardError = try FileHandle(forWritingTo: url("standard-error"))
    return process
  }

  func url(_ name: String) -> URL { folder.url.appending(path: name) }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: url(name))
  }

  func write(_ text: String, to name: String) throws {
    try write(Array(text.utf8), to: name)
  }

  func read(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: url(name)))
  }

  func text(_ name: String) throws -> String {
    try String(decoding: read(name), as: UTF8.self)
  }

  /// The digests of a model's tensors.
  func tensorDigests(_ model: String) throws -> [String] {
    let bytes = try read(model)
    let headerByteCount = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: bytes[8..<8 + headerByteCount], as: UTF8.self)
    return header.matches(of: /sha256\.tensor\.[^"]+":"([0-9a-f]{64})/).map { String($0.1) }
  }

  /// Writes a text of 577 lines of 18 characters, and trains a small model on it.
  func trainSmallModel() throws {
    let text = (0..<577).map { "line \($0 % 10): é ☃ sheep\n" }.joined()
    try write(text, to: "text.txt")
    let outcome = try run(
      "train", "text.txt", "--output", "model.safetensors", "--hidden-size", "16", "--max-steps",
      "40", "--batch-size", "8", "--window", "16", "--quiet")
    guard outcome.status == 0 else { throw Failure(outcome.messages) }
  }

  struct Failure: Error {
    let messages: String
    init(_ messages: String) { self.messages = messages }
  }
}
