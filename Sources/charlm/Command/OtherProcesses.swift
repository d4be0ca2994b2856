import Evaluation
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
  private static let common = Mutex(InstructionSet.available)

  /// The instruction sets of all processes, from the oldest to the fastest.
  static var instructionSets: [InstructionSet] { common.withLock { $0 } }

  /// A sentence that ends the last message of this process, such as how to resume.
  private static let lastSentence = Mutex("")

  static func setLastSentence(_ sentence: String) { lastSentence.withLock { $0 = sentence } }

  /// Joins them, if there are any. Only process 0 returns; the others work for it until it ends.
  /// - Throws: `ProcessError`, or in the others what hinders them.
  static func join() throws {
    do {
      try ProcessGroup.join(
        besideExecutableIn: Executable.folder, isEnding: { Interruption.signal != nil },
        onLoss: sayWhoIsLost)
    } catch  where MPILauncher()?.rank ?? 0 > 0 {
      Glibc.exit(ExitStatus.usage)  // process 0 says why
    }
    guard let group = ProcessGroup.current else { return }
    Interruption.watch()
    guard group.rank == 0 else {
      _ = group.gather(Greeting.own.bytes)
      var worker = WorkerProcess(group) { instructionSet, threadCount in
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
      WorkerProcess.end(group)
      group.end()
    }
    for (rank, greeting) in greetings.enumerated() where greeting.build != Greeting.own.build {
      throw UsageError.otherBuild(
        rank: rank, host: greeting.host, build: greeting.build, own: Greeting.own.build)
    }
    let count = greetings.map(\.instructionSetCount).min() ?? 1
    common.withLock { $0 = Array($0.prefix(count)) }
  }

  @Sendable private static func sayWhoIsLost(_ lost: Int?) {
    guard let group = ProcessGroup.current else {
      return StandardError.write(
        "charlm: Another process does not answer, so this one ends before it has begun.\n")
    }
    let name = lost.map { "Process \($0)" } ?? "Another process"
    let sentence = lastSentence.withLock { $0 }
    StandardError.write(
      "charlm: \(name) of \(group.count) no longer answers, so process \(group.rank) ends."
        + (sentence.isEmpty ? "" : " ") + "\(sentence)\n")
  }

  /// Makes what scores the blocks of a long text in all processes; nil in one that is alone, or works
  /// for process 0.
  /// - Parameter threads: of each process, if given.
  static func makeScorer(threads: Int?) -> Evaluator.MakeScorer? {
    ProcessGroup.current.flatMap { group in
      group.rank == 0 ? ComputeBackend(group, threadCount: threads).makeScorer : nil
    }
  }

  /// Where a run computes.
  /// - Parameter threads: of each process, if given.
  /// - Throws: `UsageError.indivisibleShards`.
  static func backend(shards: Int, threads: Int?) throws -> ComputeBackend {
    guard let group = ProcessGroup.current else { return ComputeBackend() }
    func canDivide(_ count: Int) -> Bool {
      DistributedEngine.canDivide(shards: shards, among: count)
    }
    guard canDivide(group.count) else {
      throw UsageError.indivisibleShards(
        shards, processCount: group.count, possible: (1...shards).filter(canDivide))
    }
    return ComputeBackend(group, threadCount: threads)
  }
}

/// What a process says about itself.
private struct Greeting {
  let build: String
  let host: String
  /// Of those that there are, from the oldest on.
  let instructionSetCount: Int

  private static let byteCount = 1_024

  static let own = Greeting(
    build: VersionLine.build, host: hostName(),
    instructionSetCount: InstructionSet.available.count)

  private init(build: String, host: String, instructionSetCount: Int) {
    (self.build, self.host, self.instructionSetCount) = (build, host, instructionSetCount)
  }

  init(_ bytes: [UInt8]) {
    let lines = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    build = lines.first.map(String.init) ?? ""
    host = lines.dropFirst().first.map(String.init) ?? ""
    instructionSetCount = lines.last.flatMap { Int($0) } ?? 1
  }

  /// Of the same size in all processes.
  var bytes: [UInt8] {
    let text = Array("\(build)\n\(host)\n\(instructionSetCount)".utf8.prefix(Self.byteCount))
    return text + Array(repeating: 0, count: Self.byteCount - text.count)
  }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
