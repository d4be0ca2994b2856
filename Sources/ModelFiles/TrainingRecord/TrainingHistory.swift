/// The course of the loss during a run: a point per validation, thinned out in a long run.
///
/// At most `limit` points are kept, spread over the steps as evenly as possible. When there is a
/// point too many, the one whose removal leaves the smallest gap is merged with the one after it.
public struct TrainingHistory: Sendable, Codable, Equatable {
  /// The losses between two validations or reports.
  public struct Point: Sendable, Codable, Equatable {
    /// Steps before it.
    public var step: Int
    /// Wall-clock seconds before it.
    public var seconds: Double
    /// The mean of all steps since the previous point.
    public var trainingNatsPerToken: Double
    /// The score of the complete validation text; nil if there is none.
    public var validationNatsPerToken: Double?

    /// Creates a point.
    public init(
      step: Int, seconds: Double, trainingNatsPerToken: Double, validationNatsPerToken: Double?
    ) {
      self.step = step
      self.seconds = seconds
      self.trainingNatsPerToken = trainingNatsPerToken
      self.validationNatsPerToken = validationNatsPerToken
    }
  }

  /// The most points that are kept.
  public static let limit = 200

  /// The points, by ascending steps.
  public private(set) var points: [Point] = []

  /// Creates a history without points.
  public init() {}

  /// Appends a point, whose steps must exceed all others'.
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

  // Stored as a plain list of points.

  /// Decodes a list of points.
  public init(from decoder: any Decoder) throws {
    points = try decoder.singleValueContainer().decode([Point].self)
  }

  /// Encodes the list of points.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(points)
  }
}
