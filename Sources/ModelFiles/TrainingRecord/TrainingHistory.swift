/// How the loss went during a run: a point at each validation, of a long run not every one.
///
/// At most `limit` points are kept, as evenly spread over the steps as they can be: a point too many is merged
/// with the one after it where this leaves the smallest gap.
public struct TrainingHistory: Sendable, Codable, Equatable {
  public struct Point: Sendable, Codable, Equatable {
    /// Steps before it.
    public var step: Int
    /// Wall-clock seconds before it.
    public var seconds: Double
    /// The mean of all steps since the point before.
    public var trainingNatsPerToken: Double
    /// The score of the whole validation text; nil where there was none.
    public var validationNatsPerToken: Double?

    public init(
      step: Int, seconds: Double, trainingNatsPerToken: Double, validationNatsPerToken: Double?
    ) {
      self.step = step
      self.seconds = seconds
      self.trainingNatsPerToken = trainingNatsPerToken
      self.validationNatsPerToken = validationNatsPerToken
    }
  }

  public static let limit = 200

  /// In the order of their steps.
  public private(set) var points: [Point] = []

  public init() {}

  /// Adds a point after all others.
  public mutating func append(_ point: Point) {
    points.append(point)
    if points.count > Self.limit { mergeClosest() }
  }

  /// Steps between the point before `index` and the one after it.
  private func gap(around index: Int) -> Double {
    Double(points[index + 1].step) - Double(points[index - 1].step)
  }

  private mutating func mergeClosest() {
    let inner = 1..<points.count - 1
    guard let index = inner.min(by: { gap(around: $0) < gap(around: $1) }) else { return }
    let merged = points.remove(at: index)
    let before = Double(points[index - 1].step)
    let (first, all) = (Double(merged.step) - before, Double(points[index].step) - before)
    guard all > 0 else { return }
    let share = first / all
    points[index].trainingNatsPerToken =
      share * merged.trainingNatsPerToken + (1 - share) * points[index].trainingNatsPerToken
  }

  // A list, and nothing around it, in stored form.

  public init(from decoder: any Decoder) throws {
    points = try decoder.singleValueContainer().decode([Point].self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(points)
  }
}
