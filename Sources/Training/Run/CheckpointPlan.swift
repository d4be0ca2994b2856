/// When a run tells checkpoints, besides the one before it ends early.
public struct CheckpointPlan: Sendable {
  /// The time between two of them; 0 for one after every step, nil for none.
  public var seconds: Double?
  /// Whether there is one at the end of the budget, too: a larger budget can go on from it.
  public var includesEnd: Bool

  /// - Parameter seconds: the time between two checkpoints.
  public init(seconds: Double? = nil, includesEnd: Bool = false) {
    self.seconds = seconds
    self.includesEnd = includesEnd
  }
}

/// When the next checkpoint is due: after the plan's time, but so that writing takes a twentieth of it at most.
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
