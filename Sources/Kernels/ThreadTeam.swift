import CKernels

/// Splits work into one range for each thread and waits for all of them.
///
/// ```swift
/// import Kernels
///
/// let team = ThreadTeam(threadCount: 2)
/// team.forEachRange(of: 1_000) { range, _ in work(range) }
/// ```
///
/// Kernels never sum across ranges, so results are bit-identical however the work is split, and so
/// for any number of threads. Denormal numbers count as zero inside; the calling thread's own mode
/// is restored afterwards.
///
/// The caller's thread is one of the team. The others start with the first job and end with the
/// team. A team of more threads than processors is slower, but never stuck. If the team is busy
/// with another caller's job, the calling thread does the work alone.
public final class ThreadTeam: @unchecked Sendable {  // the C team guards itself
  /// The number of threads, the caller's included.
  public let threadCount: Int
  private let team: OpaquePointer

  /// - Precondition: `threadCount` is at least 1.
  public init(threadCount: Int) {
    precondition(threadCount >= 1, "a team needs at least one thread")
    self.threadCount = threadCount
    team = charlm_team_create(threadCount, ProcessorCount.own.letsSpin(threadCount))
  }

  deinit {
    charlm_team_destroy(team)
  }

  /// Calls `body` with the parts of `0 ..< count` and the number of each part, in `0 ..<
  /// threadCount`.
  /// - Parameters:
  ///   - count: the length of the whole range.
  ///   - grain: the length of every part except the last is a multiple of it.
  ///   - body: called once for each part, on several threads at the same time.
  public func forEachRange(
    of count: Int, grain: Int = 1, _ body: (_ range: Range<Int>, _ part: Int) -> Void
  ) {
    let side = WorkGrid.Side(count: count, grain: grain)
    let parts = min(threadCount, side.grains)
    run(stepCount: 1, partCount: parts) { _, part in body(side.range(part, of: parts), part) }
  }

  /// Calls `body` with the parts of a grid and the number of each part.
  package func forEachPart(
    of grid: WorkGrid, _ body: (_ rows: Range<Int>, _ columns: Range<Int>, _ part: Int) -> Void
  ) {
    forEachStep(of: 1, grid: grid) { _, rows, columns, part in body(rows, columns, part) }
  }

  /// The same for each of several steps; a step begins when all parts of the previous one have
  /// ended.
  package func forEachStep(
    of stepCount: Int, grid: WorkGrid,
    _ body: (_ step: Int, _ rows: Range<Int>, _ columns: Range<Int>, _ part: Int) -> Void
  ) {
    run(stepCount: stepCount, partCount: grid.partCount) { step, part in
      let (rows, columns) = grid.part(part)
      body(step, rows, columns, part)
    }
  }

  private func run(stepCount: Int, partCount: Int, _ body: (_ step: Int, _ part: Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      var work = Work(body: body)
      withUnsafeMutablePointer(to: &work) { work in
        charlm_team_run(
          team, stepCount, partCount,
          { work, step, part in
            work!.assumingMemoryBound(to: Work.self).pointee.body(step, part)
          }, work)
      }
    }
  }

  private struct Work {
    let body: (_ step: Int, _ part: Int) -> Void
  }
}
