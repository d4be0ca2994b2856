import Foundation
import Kernels
import Synchronization
import Testing

@Suite struct ThreadTeamTests {
  @Test func aTeamCoversEveryIndexOnceWithEqualGrains() {
    for threadCount in [1, 2, 3, 8] {
      let team = ThreadTeam(threadCount: threadCount)
      for count in [0, 1, 2, 7, 64, 100] {
        let hits = AlignedBuffer<Int32>(repeating: 0, count: count)
        team.forEachRange(of: count, grain: 4) { range, part in
          #expect(part < threadCount)
          #expect(range.lowerBound % 4 == 0)
          for index in range { hits.start[index] += 1 }
        }
        #expect((0..<count).allSatisfy { hits.start[$0] == 1 })
      }
    }
  }

  /// More threads than this machine may have processors: they must take turns, not wait forever.
  @Test(arguments: [1, 2, 3, 8, 40])
  func aStepBeginsWhenAllPartsOfTheOneBeforeHaveEnded(threadCount: Int) {
    let team = ThreadTeam(threadCount: threadCount)
    let stepCount = 500
    let ended = (0..<stepCount).map { _ in Counter() }
    let tooEarly = Counter()
    let grid = WorkGrid(
      rows: WorkGrid.Side(count: threadCount), columns: WorkGrid.Side(count: 1),
      rowParts: threadCount, columnParts: 1)
    team.forEachStep(of: stepCount, grid: grid) { step, rows, _, _ in
      if step > 0, ended[step - 1].value != threadCount { tooEarly.add(1) }
      ended[step].add(rows.count)
    }
    #expect(tooEarly.value == 0)
    #expect(ended.allSatisfy { $0.value == threadCount })
  }

  @Test func workInsideWorkIsDoneByItsCallerAlone() {
    let team = ThreadTeam(threadCount: 4)
    let sum = Counter()
    team.forEachRange(of: 8) { outer, _ in
      team.forEachRange(of: 10) { inner, _ in sum.add(outer.count * inner.count) }
    }
    #expect(sum.value == 8 * 10)
  }

  @Test func severalCallersMayShareATeam() {
    let team = ThreadTeam(threadCount: 3)
    let sum = Counter()
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<300 { team.forEachRange(of: 7) { range, _ in sum.add(range.count) } }
    }
    #expect(sum.value == 4 * 300 * 7)
  }

  /// Long enough for the threads to fall asleep between two jobs.
  @Test func aTeamThatFellAsleepWakesUp() {
    let team = ThreadTeam(threadCount: 3)
    let sum = Counter()
    for _ in 0..<5 {
      team.forEachRange(of: 3) { range, _ in sum.add(range.count) }
      usleep(20_000)
    }
    #expect(sum.value == 15)
  }

  @Test func denormalsCountAsZeroInsideATeamOnly() {
    func half(_ x: Float) -> Float { x / 2 }
    let smallest = Float.leastNormalMagnitude
    for threadCount in [1, 3] {
      ThreadTeam(threadCount: threadCount).forEachRange(of: 3) { _, _ in
        #expect(half(smallest) == 0)
      }
    }
    #expect(half(smallest) > 0)
  }

  private final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .sequentiallyConsistent) }
    func add(_ amount: Int) { count.add(amount, ordering: .sequentiallyConsistent) }
  }
}
