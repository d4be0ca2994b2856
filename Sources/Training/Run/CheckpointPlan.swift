/// How often a run emits checkpoints; one is always emitted when it is interrupted.
public struct CheckpointPlan: Sendable {
  /// The time between two checkpoints; 0 for one after every step, nil for none.
  public var seconds: Double?
  /// Whether the end of the budget has a checkpoint, too, so that a larger budget can continue from
  /// it.
  public var includesEnd: Bool

  /// - Parameters:
  ///   - seconds: the time between two checkpoints.
  ///   - includesEnd: whether the end of the budget has a checkpoint, too.
  public init(seconds: Double? = nil, includesEnd: Bool = false) {
    self.seconds = seconds
    self.includesEnd = includesEnd
  }
}

/// The time of the next checkpoint: after the plan's interval, but late enough that writing takes
/// at most a twentieth of the time.
struct CheckpointTimer {
  let plan: CheckpointPlan
  private var lastSeconds: Double
  private var cost = 0.0

  private static let runPerCost = 20.0

  init(_ plan: CheckpointPlan, seconds: Double) {
    self.plan = plan
    lastSeconds = seconds
  }

  func isDue(seconds: Double) -> Bool {
    guard let interval = plan.seconds else { return false }
    return interval <= 0 || seconds - lastSeconds >= max(interval, Self.runPerCost * cost)
  }

  mutating func note(begin: Double, end: Double) {
    lastSeconds = end
    cost = end - begin
  }
}
