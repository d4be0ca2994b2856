import FoundationEssentials
import Glibc

/// Runs of `charlm train` that clients began, each a process of its own.
///
/// A run lives in a folder, `NAME.training` beside the models, with its texts, its log and its
/// checkpoint. Everything is read from there, so neither a closed page nor the end of the server
/// loses anything: the process continues, and a paused or killed run resumes from its checkpoint.
package actor TrainingRuns {
  private let folder: String
  private let command: String
  private let threadCount: Int

  /// - Parameters:
  ///   - folder: the folder of the models.
  ///   - command: the path of `charlm`.
  ///   - threadCount: the threads that train.
  package init(folder: String, command: String, threadCount: Int) {
    self.folder = folder
    self.command = command
    self.threadCount = threadCount
  }

  /// A text to train on.
  package struct Text: Sendable {
    package let name: String
    package let text: String

    package init(name: String, text: String) {
      self.name = name
      self.text = text
    }
  }

  /// The longest and the shortest time of a run, in minutes.
  package static let minutes = 0.1...1_440.0
  private static let mostNameBytes = 60

  // MARK: Runs

  /// All runs, the newest first.
  package func all() -> [TrainingRun] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(RunFolder.ending) && !$0.hasPrefix(".") }.compactMap {
      try? RunFolder(folder, String($0.dropLast(RunFolder.ending.count))).run()
    }.sorted { ($1.created, $0.id) < ($0.created, $1.id) }
  }

  /// - Throws: `ServingError.noSuchRun`.
  package func run(_ id: String) throws -> TrainingRun { try existing(id).run() }

  /// Begins to train.
  /// - Throws: `ServingError`, or an error of writing the texts.
  package func start(name: String, texts: [Text], minutes: Double) throws -> TrainingRun {
    guard Self.isName(name) else {
      throw ServingError.invalid(
        parameter: "name",
        reason: "The name '\(name.prefix(Self.mostNameBytes))' is not valid: "
          + "give letters, digits, '-' and '_'.")
    }
    guard texts.contains(where: { !$0.text.isEmpty }) else {
      throw ServingError.invalid(parameter: "texts", reason: "There is no text: give at least one.")
    }
    guard !all().contains(where: { $0.state == .running }) else { throw ServingError.trains }
    let folder = RunFolder(self.folder, name)
    guard !folder.exists, !FileManager.default.fileExists(atPath: folder.model) else {
      throw ServingError.invalid(
        parameter: "name", reason: "There is a model '\(name)' already: choose another name.")
    }
    try folder.create(texts: texts, minutes: minutes)
    try launch(
      folder,
      ["train"] + folder.texts + [
        "--output", folder.model, "--minutes", "\(minutes)", "--checkpoint", folder.checkpoint,
        "--log", folder.log, "--sample-every", "200", "--quiet",
      ])
    return try folder.run()
  }

  /// Lets a run write its checkpoint and end.
  package func pause(_ id: String) throws -> TrainingRun {
    let folder = try existing(id)
    folder.terminate()
    return try folder.run()
  }

  /// Continues a run that was paused or killed.
  package func resume(_ id: String) throws -> TrainingRun {
    let folder = try existing(id)
    let run = try folder.run()
    guard run.state != .running, run.state != .finished else { return run }
    guard !all().contains(where: { $0.state == .running }) else { throw ServingError.trains }
    try launch(folder, folder.resuming)
    return try folder.run()
  }

  /// Ends a run and keeps its best weights as the model.
  package func stop(_ id: String) async throws -> TrainingRun {
    let folder = try existing(id)
    folder.terminate()
    while try folder.run().state == .running { try await Task.sleep(for: .milliseconds(100)) }
    guard try folder.run().state != .finished else { return try folder.run() }
    // The budget is spent, so the run ends at once.
    try launch(folder, folder.resuming + ["--minutes", "0.001"])
    return try folder.run()
  }

  /// The lines of a run's log from a position on, and whether further ones may follow.
  package func log(_ id: String, from position: Int) throws -> (
    lines: [String], end: Int, isLast: Bool
  ) {
    let folder = try existing(id)
    // The state first: a line that is written in between is not missed.
    let isOver = try folder.run().state != .running
    let bytes = folder.logBytes(from: position)
    guard let last = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return ([], position, isOver) }
    let complete = bytes[...last]
    let lines = complete.split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
    return (lines, position + complete.count, isOver)
  }

  private func existing(_ id: String) throws -> RunFolder {
    let folder = RunFolder(folder, id)
    guard Self.isName(id), folder.exists else { throw ServingError.noSuchRun(id: id) }
    return folder
  }

  private static func isName(_ name: String) -> Bool {
    1...mostNameBytes ~= name.utf8.count && name.utf8.first != UInt8(ascii: "-")
      && name.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  // MARK: Processes

  /// POSIX_SPAWN_SETSID, which the header shows only to GNU programs.
  private static let newSession: Int16 = 0x80

  /// Starts the command in a session of its own, so that the end of the server does not end it.
  private func launch(_ folder: RunFolder, _ arguments: [String]) throws {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setflags(&attributes, Self.newSession)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer {
      posix_spawnattr_destroy(&attributes)
      posix_spawn_file_actions_destroy(&actions)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, 1, folder.messages, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let texts = [command] + arguments + ["--threads", "\(threadCount)"]
    var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var process = pid_t()
    let status = posix_spawn(&process, command, &actions, &attributes, words, environ)
    guard status == 0 else {
      throw ServingError.cannotTrain(reason: String(cString: strerror(status)))
    }
    try folder.write(process: process)
  }
}

/// A run as clients see it.
package struct TrainingRun: Sendable, Encodable, Equatable {
  package enum State: String, Sendable, Encodable {
    case running, paused, finished, failed
  }

  package let id: String
  package let object = "training_run"
  package let state: State
  package let minutes: Double
  package let model: String
  /// Why the run failed.
  package let message: String?
  /// Seconds since 1970.
  package let created: Int
}
