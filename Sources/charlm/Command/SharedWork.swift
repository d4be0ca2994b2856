import ArgumentParser
import Glibc
import ModelFiles
import Processes
import Synchronization
import Training

/// Work of a verb that all processes share: independent pieces, each of which gives a result.
///
/// Process 0 asks the others to run the same command line. They do so without printing anything, up to
/// the same call of `map`, where each does its pieces and hands over the results.
enum SharedWork {
  /// The random seed that process 0 has chosen; nil in process 0.
  static var seed: UInt64? { chosenSeed.withLock { $0 } }
  private static let chosenSeed = Mutex<UInt64?>(nil)

  /// The results of `count` pieces of work, in their order.
  /// - Parameters:
  ///   - seed: the random seed of the work.
  ///   - work: does some of the pieces.
  /// - Throws: what `work` throws, `SharedWorkError` for what another process has thrown.
  static func map<Result: Codable>(
    count: Int, seed: UInt64 = 0, _ work: (Range<Int>) throws -> [Result]
  ) throws -> [Result] {
    guard let group = ProcessGroup.current, count > 1, !Arguments.all.contains("-") else {
      return try work(0..<count)
    }
    let pieces = count * group.rank / group.count..<count * (group.rank + 1) / group.count
    guard group.rank == 0 else {
      throw Part(results: try MetadataText.encode(pieces.isEmpty ? [] : work(pieces)))
    }
    WorkerProcess.beginSharing(group, seed: seed)
    let own = Swift.Result { pieces.isEmpty ? [] : try work(pieces) }
    let parts = group.gather(bytes: []).dropFirst().map { String(decoding: $0, as: UTF8.self) }
    var results = try own.get()
    for (rank, part) in zip(1..., parts) {
      guard part.hasPrefix("[") else { throw SharedWorkError(rank: rank, message: part) }
      results += try MetadataText.decode(part, key: "results", file: "process \(rank)")
    }
    return results
  }

  /// Runs the command line of process 0 up to `map`, and hands over the results.
  static func share(seed: UInt64, in group: ProcessGroup) {
    chosenSeed.withLock { $0 = seed }
    let text = withoutOutput {
      do {
        var command = try Charlm.parseAsRoot(Arguments.all)
        try command.run()
        return "it has found no work to share"
      } catch let part as Part {
        return part.results
      } catch {
        return (error as? any CommandError)?.message ?? "\(error)"
      }
    }
    _ = group.gather(bytes: Array(text.utf8))
  }

  /// Ends a command in a process other than 0.
  private struct Part: Error {
    let results: String
  }

  private static func withoutOutput(_ body: () -> String) -> String {
    let streams = [STDOUT_FILENO, STDERR_FILENO]
    let copies = streams.map { dup($0) }
    let null = open("/dev/null", O_WRONLY)
    for stream in streams { dup2(null, stream) }
    close(null)
    defer {
      for (stream, copy) in zip(streams, copies) {
        dup2(copy, stream)
        close(copy)
      }
    }
    return body()
  }
}

/// What another process could not do.
struct SharedWorkError: CommandError {
  let rank: Int
  let message: String

  var exitStatus: Int32 { ExitStatus.inputMissing }
  var description: String { "Process \(rank): \(message)" }
}
