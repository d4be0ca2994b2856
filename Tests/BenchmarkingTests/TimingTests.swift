import Benchmarking
import Testing

struct TimingTests {
  @Test func theMedianIsTheMiddleWhateverTheOrder() {
    #expect(Timing([9, 1, 2]).medianSeconds == 2)
    #expect(Timing([4, 1, 9, 2]).medianSeconds == 3)
    #expect(Timing([4, 1, 9, 2]).leastSeconds == 1)
  }

  @Test func workIsRepeatedForTheTimeGivenAndAtLeastThreeTimes() {
    var count = 0
    let short = Timing.measure(for: 1e-9) { count += 1 }
    #expect(short.seconds.count == 3)
    #expect(count == 4)  // one of them to warm up
    let long = Timing.measure(for: 0.02) { count += 1 }
    #expect(long.seconds.reduce(0, +) >= 0.02)
  }

  /// A clock that ticks in microseconds must not see single additions. Whatever else the machine does, the
  /// count is doubled exactly while it takes less than a spell.
  @Test func shortWorkIsRepeatedUntilItTakesASpell() {
    let spell = 0.002
    var durations: [(count: Int, seconds: Double)] = []
    let timing = Timing.measure(for: 0.02, spell: spell) { (count: Int) in
      let clock = ContinuousClock()
      let duration = clock.measure { clock.waitBusily(seconds: 1e-6 * Double(count)) }
      durations.append((count, Double(duration.components.attoseconds) * 1e-18))
    }
    let longest = durations.map(\.count).max()!
    let shorter = durations.filter { $0.count < longest }
    #expect(shorter.map(\.count) == (0..<longest.trailingZeroBitCount).map { 1 << $0 })
    #expect(shorter.allSatisfy { $0.seconds < spell })
    #expect(longest.nonzeroBitCount == 1)
    #expect(timing.leastSeconds >= 1e-6)
  }

  @Test func speedsAreThoseOfTheMedianRepetition() {
    let speed = Speed(
      timing: Timing([0.5, 2, 0.25]), characterCount: 10, byteCount: 30, operationCount: 1e9)
    #expect(speed.charactersPerSecond == 20)
    #expect(speed.bytesPerSecond == 60)
    #expect(speed.operationsPerSecond == 2e9)
  }
}

extension ContinuousClock {
  fileprivate func waitBusily(seconds: Double) {
    let end = now + .seconds(seconds)
    while now < end {}
  }
}
