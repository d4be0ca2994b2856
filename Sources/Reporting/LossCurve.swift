/// The loss of every step of a run as a bounded number of means, whatever the number of steps.
package struct LossCurve {
  /// The mean of consecutive steps.
  package struct Point: Equatable {
    /// The last of the steps.
    package var step: Int
    package var natsPerToken: Double
    fileprivate var stepCount: Int
  }

  package private(set) var points: [Point] = []
  private var stepsPerPoint = 1
  private let limit: Int

  /// - Parameter limit: the most points, an even number.
  package init(limit: Int = 240) {
    self.limit = limit
  }

  package mutating func append(step: Int, natsPerToken: Double) {
    let point = Point(step: step, natsPerToken: natsPerToken, stepCount: 1)
    if let last = points.last, last.stepCount < stepsPerPoint {
      points[points.count - 1] = Self.mean(last, point)
    } else {
      if points.count == limit { halve() }
      points.append(point)
    }
  }

  /// Drops everything after `step`, and the mean of steps on both sides of it.
  package mutating func truncate(toStep step: Int) {
    points.removeAll { $0.step > step }
  }

  private mutating func halve() {
    points = stride(from: 0, to: points.count - 1, by: 2).map {
      Self.mean(points[$0], points[$0 + 1])
    }
    stepsPerPoint *= 2
  }

  private static func mean(_ first: Point, _ second: Point) -> Point {
    let stepCount = first.stepCount + second.stepCount
    let sum =
      first.natsPerToken * Double(first.stepCount) + second.natsPerToken * Double(second.stepCount)
    return Point(
      step: second.step, natsPerToken: sum / Double(stepCount), stepCount: stepCount)
  }
}

/// A curve in one line of text: eighths of a block, one for each value, or for each mean of
/// neighbors if there are more values than room.
///
/// The highest tenth of the values is capped: the steep fall at the beginning of a training run
/// would make the rest a flat line.
package func sparkline(_ values: [Double], width: Int) -> String {
  let values = values.filter(\.isFinite)
  let count = min(width, values.count)
  guard count > 0 else { return "" }
  let means = (0..<count).map { index in
    let range = index * values.count / count..<(index + 1) * values.count / count
    return range.reduce(0) { $0 + values[$1] / Double(range.count) }
  }
  let sorted = means.sorted()
  let (low, high) = (sorted[0], sorted[count - 1 - count / 10])
  return String(
    means.map { mean in
      let share = high > low ? min(1, max(0, (mean - low) / (high - low))) : 0
      return blocks[Int((share * Double(blocks.count - 1)).rounded())]
    })
}

private let blocks = Array("▁▂▃▄▅▆▇█")
