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

  /// A clock that ticks in microseconds must not see single additions.
  @Test func shortWorkIsRepeatedUntilItTakesASpell() {
    var longest = 0
    let timing = Timing.measure(for: 0.02, spell: 0.002) { (count: Int) in
      longest = max(longest, count)
      ContinuousClock().sleepBusily(seconds: 1e-4 * Double(count))
    }
    #expect(longest >= 16)
    #expect(timing.medianSeconds >= 1e-4)
    #expect(timing.leastSeconds < 2e-3)
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
  fileprivate func sleepBusily(seconds: Double) {
    let end = now + .seconds(seconds)
    while now < end {}
  }
}
