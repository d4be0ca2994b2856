import FoundationEssentials
import Glibc

/// The folder of a training run and the files in it.
struct RunFolder: Sendable {
  static let ending = ".training"

  private let id: String
  private let path: String
  let model: String

  init(_ folder: String, _ id: String) {
    self.id = id
    path = "\(folder)/\(id)\(Self.ending)"
    model = "\(folder)/\(id).safetensors"
  }

  var checkpoint: String { "\(path)/checkpoint" }
  var log: String { "\(path)/log.jsonl" }
  /// What the command printed.
  var messages: String { "\(path)/messages.txt" }
  private var settings: String { "\(path)/run.json" }
  private var process: String { "\(path)/process" }

  var exists: Bool { FileManager.default.fileExists(atPath: settings) }

  /// The files of the texts, in order.
  var texts: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/texts")) ?? []
    return names.sorted().map { "\(path)/texts/\($0)" }
  }

  /// The arguments of `charlm` that resume the run.
  var resuming: [String] {
    ["train", "--resume", checkpoint] + texts + ["--output", model, "--log", log, "--quiet"]
  }

  private struct Settings: Codable {
    let minutes: Double
    let created: Int
  }

  /// Makes the folder, and the files of the texts.
  func create(texts: [TrainingRuns.Text], minutes: Double) throws {
    let manager = FileManager.default
    try manager.createDirectory(atPath: "\(path)/texts", withIntermediateDirectories: true)
    for (number, text) in texts.enumerated() {
      let name = Self.fileName(text.name, number: number + 1)
      try Data(text.text.utf8).write(to: URL(filePath: "\(path)/texts/\(name)"))
    }
    let record = Settings(minutes: minutes, created: Int(time(nil)))
    try JSONEncoder().encode(record).write(to: URL(filePath: settings))
  }

  /// `001-novel.txt`: in the order given, and harmless whatever the client called it.
  private static func fileName(_ name: String, number: Int) -> String {
    let last = name.split(separator: "/").last ?? ""
    let stem = last.lastIndex(of: ".").map { last[..<$0] } ?? last
    let kept = stem.unicodeScalars.filter {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" || $0 == "_"
    }
    let base = String(String.UnicodeScalarView(kept.prefix(40)))
    let digits = String(number)
    return String(repeating: "0", count: max(0, 3 - digits.count)) + digits + "-"
      + (base.isEmpty ? "text" : base) + ".txt"
  }

  // MARK: State

  /// - Throws: `ServingError.noSuchRun`.
  func run() throws -> TrainingRun {
    guard let data = FileManager.default.contents(atPath: settings),
      let record = try? JSONDecoder().decode(Settings.self, from: data)
    else { throw ServingError.noSuchRun(id: id) }
    let state = state
    return TrainingRun(
      id: id, state: state, minutes: record.minutes, model: id,
      message: state == .failed ? lastMessage : nil, created: record.created)
  }

  private var state: TrainingRun.State {
    if isRunning { return .running }
    if let reason = finishReason, reason != "interrupted" { return .finished }
    let isResumable = FileManager.default.fileExists(atPath: checkpoint)
    return isResumable ? .paused : .failed
  }

  func write(process: pid_t) throws {
    try Data("\(process)".utf8).write(to: URL(filePath: self.process))
  }

  private var processID: pid_t? {
    FileManager.default.contents(atPath: process).flatMap {
      pid_t(String(decoding: $0, as: UTF8.self))
    }
  }

  /// Whether the process that was started is alive. Its number may belong to another one by now,
  /// which does not name this folder.
  private var isRunning: Bool {
    guard let processID else { return false }
    var status: Int32 = 0
    _ = waitpid(processID, &status, WNOHANG)  // a child that ended is forgotten
    guard let words = try? String(contentsOfFile: "/proc/\(processID)/cmdline", encoding: .utf8)
    else { return false }
    return words.contains(path)
  }

  /// Asks the process to write a checkpoint and end.
  func terminate() {
    guard isRunning, let processID else { return }
    kill(processID, SIGTERM)
  }

  private struct Finished: Decodable {
    let event: String
    let reason: String?
  }

  /// The reason with which the log ends; nil if the run was killed or has not ended.
  private var finishReason: String? {
    let size = (try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0
    let lines = logBytes(from: max(0, size - 8_192)).split(separator: UInt8(ascii: "\n"))
    guard let last = lines.last,
      let event = try? JSONDecoder().decode(Finished.self, from: Data(last)),
      event.event == "finished"
    else { return nil }
    return event.reason
  }

  private var lastMessage: String? {
    let text = (try? String(contentsOfFile: messages, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").last.map(String.init)
  }

  /// The bytes of the log from a position on.
  func logBytes(from position: Int) -> [UInt8] {
    guard let file = fopen(log, "rb") else { return [] }
    defer { fclose(file) }
    guard fseek(file, position, SEEK_SET) == 0 else { return [] }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return bytes
  }
}
