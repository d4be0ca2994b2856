import Glibc

/// The time that this machine takes for a token, in training and in scoring, for networks of any
/// size.
///
/// A few sizes are measured; between them the time is linear on logarithmic axes. The work of a
/// network is nearly so: it grows with H for small networks and with H^2 for large ones.
public struct TrainingSpeed: Sendable, Equatable {
  /// The measurements of one size.
  public struct Point: Sendable, Equatable {
    /// H.
    public var hiddenSize: Int
    /// The time that a step takes, divided by its tokens.
    public var trainingSecondsPerToken: Double
    /// The time that a validation takes, divided by its tokens.
    public var scoringSecondsPerToken: Double

    /// Creates a measurement.
    public init(
      hiddenSize: Int, trainingSecondsPerToken: Double, scoringSecondsPerToken: Double
    ) {
      self.hiddenSize = hiddenSize
      self.trainingSecondsPerToken = trainingSecondsPerToken
      self.scoringSecondsPerToken = scoringSecondsPerToken
    }
  }

  private let points: [Point]

  /// - Precondition: there is a point, sizes are distinct, and all numbers are positive.
  public init(_ points: [Point]) {
    precondition(!points.isEmpty, "something must be measured")
    self.points = points.sorted { $0.hiddenSize < $1.hiddenSize }
  }

  /// Seconds to train on a token, with a batch and a window like the measured ones.
  public func trainingSecondsPerToken(hiddenSize: Int) -> Double {
    value(\.trainingSecondsPerToken, hiddenSize)
  }

  /// Seconds to score a token of one long text.
  public func scoringSecondsPerToken(hiddenSize: Int) -> Double {
    value(\.scoringSecondsPerToken, hiddenSize)
  }

  /// With a single point, time grows with the square of the size.
  private static let lonelySlope = 2.0

  private func value(_ quantity: KeyPath<Point, Double>, _ hiddenSize: Int) -> Double {
    let last = points.count - 1
    let upper = min(last, max(1, points.firstIndex { $0.hiddenSize >= hiddenSize } ?? last))
    let (left, right) = (points[max(0, upper - 1)], points[upper])
    let slope =
      last == 0
      ? Self.lonelySlope
      : log(right[keyPath: quantity] / left[keyPath: quantity])
        / log(Double(right.hiddenSize) / Double(left.hiddenSize))
    return left[keyPath: quantity] * pow(Double(hiddenSize) / Double(left.hiddenSize), slope)
  }
}
