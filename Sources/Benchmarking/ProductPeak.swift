import Kernels

/// The highest rate of operations that this machine reaches in matrix products; other figures are
/// given as fractions of it.
///
/// Measured with the package's own kernel on products whose matrices fit into a core's second-level
/// cache. Every thread has its own matrices. The result is the best of many repetitions of a few
/// milliseconds each.
package struct ProductPeak: Sendable, Equatable {
  /// One thread alone.
  package let operationsPerSecondOfOneThread: Double
  /// All threads of the processor at once.
  package let operationsPerSecond: Double

  package init(operationsPerSecondOfOneThread: Double, operationsPerSecond: Double) {
    self.operationsPerSecondOfOneThread = operationsPerSecondOfOneThread
    self.operationsPerSecond = operationsPerSecond
  }

  /// The higher of two measurements.
  package func raised(to other: ProductPeak) -> ProductPeak {
    ProductPeak(
      operationsPerSecondOfOneThread: max(
        operationsPerSecondOfOneThread, other.operationsPerSecondOfOneThread),
      operationsPerSecond: max(operationsPerSecond, other.operationsPerSecond))
  }

  /// The share of the peak; nil if the work was faster, so that the peak was measured while the
  /// machine was busy.
  package func fraction(of speed: Speed) -> Double? {
    let fraction = speed.operationsPerSecond / operationsPerSecond
    return fraction <= 1 ? fraction : nil
  }

  /// [168 x depth] [depth x columns]: 168 rows are a multiple of every kernel's tile (4, 6, 7, 8,
  /// 12 or 14 rows). The best panel depends on the caches.
  private static let rowCount = 168
  private static let panels = [(128, 128), (256, 256), (512, 192)]
  private static let spellSeconds = 0.004

  /// Measures for about `seconds` seconds.
  package static func measure(_ processor: Processor, seconds: Double) -> ProductPeak {
    let alone = Processor(instructionSet: processor.kernels.instructionSet, threadCount: 1)
    let share = seconds / Double(2 * panels.count)
    func best(_ processor: Processor) -> Double {
      panels.map { rate(processor, depth: $0, columns: $1, seconds: share) }.max()!
    }
    let one = best(alone)
    let all = processor.team.threadCount == 1 ? one : best(processor)
    return ProductPeak(operationsPerSecondOfOneThread: one, operationsPerSecond: all)
  }

  private static func rate(
    _ processor: Processor, depth: Int, columns: Int, seconds: Double
  ) -> Double {
    let (kernels, threadCount) = (processor.kernels, processor.team.threadCount)
    var plan = ArenaPlan()
    let left = plan.reserve(rows: threadCount * rowCount, columns: depth)
    let right = (0..<threadCount).map { _ in
      plan.reservePacked(depth: depth, columns: columns, kernels: kernels)
    }
    let source = plan.reserve(rows: depth, columns: columns)
    let product = plan.reserve(rows: threadCount * rowCount, columns: columns)
    let arena = FloatArena(plan)
    let (a, c) = (arena.view(left), arena.view(product))
    let packed = right.map { arena.view($0) }
    a.fill(with: 0.5)
    arena.view(source).fill(with: 0.25)
    for panel in packed { kernels.pack(arena.view(source), into: panel) }
    let timing = Timing.measure(for: seconds, spell: spellSeconds) { count in
      processor.team.forEachRange(of: threadCount) { threads, _ in
        for thread in threads {
          let (a, c) = (a.block(thread, of: rowCount), c.block(thread, of: rowCount))
          for _ in 0..<count { kernels.multiply(a, by: packed[thread], into: c) }
        }
      }
    }
    let operations = UsefulOperations.product(
      rows: threadCount * rowCount, depth: depth, columns: columns)
    return operations / timing.leastSeconds
  }
}
