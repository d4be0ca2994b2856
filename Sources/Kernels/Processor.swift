/// The instruction set and the threads that arithmetic runs on.
public struct Processor: Sendable {
  /// The kernels of the instruction set.
  public let kernels: KernelSet
  /// The threads.
  public let team: ThreadTeam

  /// - Precondition: the instruction set is available and `threadCount` at least 1.
  public init(instructionSet: InstructionSet = .best, threadCount: Int) {
    kernels = KernelSet(instructionSet)
    team = ThreadTeam(threadCount: threadCount)
  }
}
