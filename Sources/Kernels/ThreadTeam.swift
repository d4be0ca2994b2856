import CKernels
import Dispatch

/// Cuts work into one range for each thread and waits for all of them.
///
/// Kernels never sum across ranges, so results are the same to the bit however the work is cut, and so for any
/// number of threads. Denormal numbers count as zero inside, and the thread's own setting is
/// restored afterwards.
public struct ThreadTeam: Sendable {
  public let threadCount: Int

  /// - Precondition: `threadCount` is at least 1.
  public init(threadCount: Int) {
    precondition(threadCount >= 1, "a team needs at least one thread")
    self.threadCount = threadCount
  }

  /// Calls `body` with the parts of `0 ..< count` (each but the last a multiple of `grain` long) and the
  /// number of the part, `0 ..< threadCount`.
  public func forEachRange(
    of count: Int, grain: Int = 1, _ body: (_ range: Range<Int>, _ part: Int) -> Void
  ) {
    let grains = (count + grain - 1) / grain
    let parts = min(threadCount, grains)
    func run(part: Int) {
      let begin = grains * part / parts * grain
      let end = min(count, grains * (part + 1) / parts * grain)
      let mode = charlm_flush_denormals()
      body(begin..<end, part)
      charlm_restore_float_mode(mode)
    }
    if parts == 1 {
      run(part: 0)
    } else if parts > 1 {
      withoutActuallyEscaping(run) { run in
        let work = Work(run: run)
        DispatchQueue.concurrentPerform(iterations: parts) { work.run($0) }
      }
    }
  }
}

/// What the threads share until the last one is done: each part writes to memory of its own.
private struct Work: @unchecked Sendable {
  let run: (Int) -> Void
}
