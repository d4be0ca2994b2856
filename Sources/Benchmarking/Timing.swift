import Training

/// How long one repetition of some work takes, measured many times on the wall clock (in tests, on another one).
package struct Timing: Sendable, Equatable {
  /// Seconds of each repetition, ascending; never empty.
  package let seconds: [Double]

  /// - Precondition: there is a measurement.
  package init(_ seconds: [Double]) {
    precondition(!seconds.isEmpty, "there must be a measurement")
    self.seconds = seconds.sorted()
  }

  /// The middle one, or the mean of the two in the middle: what to expect on a machine that does other
  /// things now and then.
  package var medianSeconds: Double {
    let middle = seconds.count / 2
    return seconds.count % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2
  }

  /// What the machine can do undisturbed.
  package var leastSeconds: Double { seconds[0] }

  /// The fewest repetitions that have a middle.
  private static let leastCount = 3
  /// The share of the time that goes to repetitions which are not measured.
  private static let warmUpShare = 0.2

  /// Repeats `work` for `duration` seconds, but at least three times, after a warm-up of at least one
  /// repetition.
  package static func measure(
    for duration: Double, clock: some Clock<Duration> = ContinuousClock(),
    _ work: () throws -> Void
  ) rethrows -> Timing {
    _ = try repeatWork(for: warmUpShare * duration, leastCount: 1, clock, work)
    return try Timing(repeatWork(for: duration, leastCount: leastCount, clock, work))
  }

  /// Measures work that is too short for the clock: `work` repeats it as often as it is told, which is as
  /// often as takes `spell` seconds.
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
    // A clock that did not move between two looks at it: its resolution.
    return max(1e-9, seconds)
  }
}
