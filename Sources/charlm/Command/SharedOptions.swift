import ArgumentParser
import Glibc
import Kernels

/// The options of every verb.
struct SharedOptions: ParsableArguments {
  @Option(help: "Threads to compute with. (default: all cores)")
  var threads: Int?

  @Option(help: "The vector instructions to compute with. (default: the best of this processor)")
  var instructionSet: InstructionSet?

  @Flag(help: "Print no progress and no notes.")
  var quiet = false

  /// Far more than help anywhere, and as many as a system lets a process have.
  private static let mostThreads = 1_024

  /// What the arithmetic runs on.
  /// - Throws: `UsageError`.
  func processor() throws -> Processor {
    let threadCount = threads ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    guard threadCount >= 1 else { throw UsageError.threadCount(threadCount) }
    if let threads, threads > Self.mostThreads {
      throw UsageError.numberOutOfRange(
        option: "--threads", value: threads, range: 1...Self.mostThreads)
    }
    let instructionSet = instructionSet ?? .best
    guard instructionSet.isAvailable else {
      throw UsageError.instructionSetUnavailable(
        name: instructionSet.rawValue, available: InstructionSet.available.map(\.rawValue))
    }
    return Processor(instructionSet: instructionSet, threadCount: threadCount)
  }

  /// Prints a note for people, a line on standard error.
  func note(_ text: String) {
    if !quiet { StandardError.write(text + "\n") }
  }
}

/// The option of verbs that only run a model.
struct WeightOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "float32, or int8: faster with large models, and a little less exact.", valueName: "precision"
    ))
  var weights = WeightPrecision.float32
}

extension InstructionSet: ExpressibleByArgument {}
extension WeightPrecision: ExpressibleByArgument {}
