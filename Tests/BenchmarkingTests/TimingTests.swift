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

  /// A clock with ticks of a microsecond must not see single additions: the count is doubled as
  /// long as the work takes less than a spell.
  @Test func shortWorkIsRepeatedUntilItTakesASpell() {
    let clock = ManualClock()
    var counts: [Int] = []
    let timing = Timing.measure(for: 0.02, spell: 0.002, clock: clock) { (count: Int) in
      counts.append(count)
      clock.advance(by: .microseconds(count))
    }
    #expect(counts.prefix(12) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048])
    #expect(counts.dropFirst(12).allSatisfy { $0 == 2_048 })
    #expect(timing.seconds.count == 10)
    #expect(timing.seconds.allSatisfy { abs($0 - 1e-6) < 1e-12 })
  }

  @Test func speedsAreThoseOfTheMedianRepetition() {
    let speed = Speed(
      timing: Timing([0.5, 2, 0.25]), characterCount: 10, byteCount: 30, operationCount: 1e9)
    #expect(speed.charactersPerSecond == 20)
    #expect(speed.bytesPerSecond == 60)
    #expect(speed.operationsPerSecond == 2e9)
  }
}
