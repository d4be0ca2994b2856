import ArgumentParser
import Glibc
import Kernels
import Processes
import Tokenization

/// The options of every verb.
struct SharedOptions: ParsableArguments {
  @Option(help: "Number of threads. (default: all cores that the process may use)")
  var threads: Int?

  @Option(help: "The vector instructions to use. (default: the best that this processor has)")
  var instructionSet: InstructionSet?

  @Flag(name: .shortAndLong, help: "Print no progress and no notes.")
  var quiet = false

  /// More threads than any machine benefits from.
  private static let mostThreads = 1_024

  /// The processor that the options choose.
  /// - Throws: `UsageError`.
  func processor() throws -> Processor {
    let available = min(ProcessGroup.current?.coreCount ?? .max, Processor.availableCount)
    let threadCount = threads ?? available
    guard threadCount >= 1 else { throw UsageError.threadCount(threadCount) }
    if let threads, threads > Self.mostThreads {
      throw UsageError.numberOutOfRange(
        option: "--threads", value: threads, range: 1...Self.mostThreads)
    }
    let variable = InstructionSet.environmentVariable
    if let value = getenv(variable).map({ String(cString: $0) }),
      InstructionSet(rawValue: value) == nil
    {
      throw UsageError.unknownInstructionSet(variable: variable, value: value)
    }
    let instructionSets = OtherProcesses.instructionSets
    let instructionSet = instructionSet ?? instructionSets.last ?? .baseline
    guard instructionSets.contains(instructionSet) else {
      throw UsageError.instructionSetUnavailable(
        name: instructionSet.rawValue, available: instructionSets.map(\.rawValue))
    }
    return Processor(instructionSet: instructionSet, threadCount: threadCount)
  }

  /// Prints a note for people, one line on standard error.
  func note(_ text: String) {
    if !quiet { StandardError.write(harmless(text) + "\n") }
  }
}

extension InstructionSet: ExpressibleByArgument {}
