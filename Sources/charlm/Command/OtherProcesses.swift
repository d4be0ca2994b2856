import Glibc
import Kernels
import ModelFiles
import Processes
import Provenance
import Synchronization
import Tokenization
import Training

/// The other processes that mpirun or srun has started with this one.
enum OtherProcesses {
  private static let commonInstructionSet = Mutex<InstructionSet?>(nil)

  /// The fastest instruction set that all processes have; nil if this one is alone.
  static var instructionSet: InstructionSet? { commonInstructionSet.withLock { $0 } }

  /// A sentence that ends the last message of this process, such as how to resume.
  private static let lastSentence = Mutex("")

  static func setLastSentence(_ sentence: String) { lastSentence.withLock { $0 = sentence } }

  /// Joins them, if there are any. Only process 0 returns; the others work for it until it ends.
  /// - Throws: `ProcessError`, or in the others what hinders them.
  static func join() throws {
    try ProcessGroup.join(
      besideExecutableIn: Executable.folder, isEnding: { Interruption.signal != nil },
      onLoss: sayWhoIsLost)
    guard let group = ProcessGroup.current else { return }
    Interruption.watch()
    guard group.rank == 0 else {
      _ = group.gather(Greeting.own.bytes)
      var worker = EngineWorker(group) { instructionSet, threadCount in
        var options = try SharedOptions.parse([])
        options.instructionSet = InstructionSet(rawValue: instructionSet)
        options.threads = threadCount
        return try options.processor()
      } shareWork: {
        SharedWork.share(seed: $0, in: group)
      }
      try worker()
      group.end()
      Glibc.exit(0)
    }
    setLastSentence("Nothing was saved.")
    let greetings = group.gather(Greeting.own.bytes).map { Greeting($0) }
    atexit {
      guard let group = ProcessGroup.current else { return }
      EngineWorker.end(group)
      group.end()
    }
    for (rank, greeting) in greetings.enumerated() where greeting.build != Greeting.own.build {
      throw ProcessError.otherBuild(
        rank: rank, host: greeting.host, build: greeting.build, own: Greeting.own.build)
    }
    let common = greetings.compactMap { InstructionSet.allCases.firstIndex(of: $0.instructionSet) }
    commonInstructionSet.withLock { $0 = common.min().map { InstructionSet.allCases[$0] } }
  }

  @Sendable private static func sayWhoIsLost(_ lost: Int?) {
    guard let group = ProcessGroup.current else { return }
    let name = lost.map { "Process \($0)" } ?? "Another process"
    let sentence = lastSentence.withLock { $0 }
    StandardError.write(
      "charlm: \(name) of \(group.count) no longer answers, so process \(group.rank) ends."
        + (sentence.isEmpty ? "" : " ") + "\(sentence)\n")
  }

  /// Where a run computes.
  /// - Parameter threads: of each process, if given.
  /// - Throws: `ProcessError.indivisible`.
  static func engines(shards: Int, threads: Int?) throws -> EngineFactory {
    guard let group = ProcessGroup.current else { return EngineFactory() }
    guard ProcessError.shards(shards, canBeSharedBy: group.count) else {
      throw ProcessError.indivisible(shards: shards, processCount: group.count)
    }
    return EngineFactory(group, threadCount: threads)
  }
}

/// What a process says about itself.
private struct Greeting {
  let build: String
  let host: String
  let instructionSet: InstructionSet

  private static let byteCount = 1_024

  static let own = Greeting(
    build: VersionLine.build, host: hostName(), instructionSet: .best)

  init(build: String, host: String, instructionSet: InstructionSet) {
    (self.build, self.host, self.instructionSet) = (build, host, instructionSet)
  }

  init(_ bytes: [UInt8]) {
    let lines = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    build = lines.first.map(String.init) ?? ""
    host = lines.dropFirst().first.map(String.init) ?? ""
    instructionSet = lines.last.flatMap { InstructionSet(rawValue: String($0)) } ?? .baseline
  }

  /// Of the same size in all processes.
  var bytes: [UInt8] {
    let text = Array("\(build)\n\(host)\n\(instructionSet.rawValue)".utf8.prefix(Self.byteCount))
    return text + Array(repeating: 0, count: Self.byteCount - text.count)
  }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
