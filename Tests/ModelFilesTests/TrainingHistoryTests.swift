import ModelFiles
import Testing

@Suite struct TrainingHistoryTests {
  static func point(_ step: Int, _ nats: Double) -> TrainingHistory.Point {
    .init(
      step: step, seconds: Double(step), trainingNatsPerToken: nats, validationNatsPerToken: nats)
  }

  @Test func aLongRunKeepsFewPointsEvenlySpread() {
    var history = TrainingHistory()
    for step in 1...5_000 { history.append(Self.point(step * 10, 1)) }
    let steps = history.points.map(\.step)
    #expect(steps.count == TrainingHistory.limit)
    #expect(steps.first == 10 && steps.last == 50_000)
    let gaps = zip(steps, steps.dropFirst()).map { $1 - $0 }
    // Between half and twice an equal gap, except for the newest points, which are not yet merged.
    let even = 50_000 / TrainingHistory.limit
    #expect(gaps.allSatisfy { $0 <= 2 * even })
    #expect(gaps.count { $0 < even / 2 } < 20)
  }

  @Test func whatIsMergedKeepsItsPartOfTheMean() {
    var history = TrainingHistory()
    for step in 1...1_000 { history.append(Self.point(step, Double(step % 7))) }
    // Each point is the mean since the previous one; their weighted mean is the mean of all.
    var sum = 0.0
    var previous = 0
    for point in history.points {
      sum += point.trainingNatsPerToken * Double(point.step - previous)
      previous = point.step
    }
    let all = (1...1_000).reduce(0.0) { $0 + Double($1 % 7) }
    #expect(abs(sum - all) < 1e-9 * all)
  }
}
