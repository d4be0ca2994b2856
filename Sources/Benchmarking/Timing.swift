import Training

/// Measured times of one repetition of some work, on the wall clock (in tests, on another clock).
package struct Timing: Sendable, Equatable {
  /// Seconds of each repetition, ascending; never empty.
  package let seconds: [Double]

  /// - Precondition: there is a measurement.
  package init(_ seconds: [Double]) {
    precondition(!seconds.isEmpty, "there must be a measurement")
    self.seconds = seconds.sorted()
  }

  /// The median: the time to expect on a machine with occasional other load.
  package var medianSeconds: Double {
    let middle = seconds.count / 2
    return seconds.count % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2
  }

  /// The shortest time: that of an otherwise idle machine.
  package var leastSeconds: Double { seconds[0] }

  /// The fewest repetitions that have a middle.
  private static let leastCount = 3
  /// The time for repetitions that are not measured, as a share of the duration.
  private static let warmUpShare = 0.2

  /// Repeats `work` for `duration` seconds, at least three times, after a warm-up of at least one
  /// repetition.
  package static func measure(
    for duration: Double, clock: some Clock<Duration> = ContinuousClock(),
    _ work: () throws -> Void
  ) rethrows -> Timing {
    _ = try repeatWork(for: warmUpShare * duration, leastCount: 1, clock, work)
    return try Timing(repeatWork(for: duration, leastCount: leastCount, clock, work))
  }

  /// Measures work that is too short for the clock. `work` repeats it `count` times, enough to take
  /// `spell` seconds.
  package static func measure(
    for duration: Double, spell: Double = 0.002, clock: some Clock<Duration> = ContinuousClock(),
    _ work: (_ count: Int) -> Void
  ) -> Timing {
    let spell = min(spell, duration)
    var count = 1
    while Self.seconds(clock, { work(count) }) < spell { count *= 2 }
    let timing = measure(for: duration, clock: clock) { work(count) }
    return Timing(timing.seconds.map { $0 / Double(count) })
  }

  private static func repeatWork(
    for duration: Double, leastCount: Int, _ clock: some Clock<Duration>,
    _ work: () throws -> Void
  ) rethrows -> [Double] {
    var all: [Double] = []
    var total = 0.0
    while total < duration || all.count < leastCount {
      let one = try seconds(clock, work)
      all.append(one)
      total += one
    }
    return all
  }

  private static func seconds(
    _ clock: some Clock<Duration>, _ work: () throws -> Void
  ) rethrows -> Double {
    let seconds = try clock.measure(work).seconds
    // Two readings of the clock can be equal: use its resolution then.
    return max(1e-9, seconds)
  }
}
