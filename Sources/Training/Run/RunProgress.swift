import ModelFiles

/// The consumed part of a run's budget, and the run's speed.
struct RunProgress {
  private let budget: TrainingConfiguration.Budget
  /// The steps of the complete run; nil if only the time is limited.
  private let stepLimit: Int?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var counted: Consumption
  private let secondsBefore: Double

  /// The consumption of a run so far.
  struct Consumption: Codable, Equatable {
    var stepCount = 0
    /// Characters trained on.
    var characters = 0.0
    /// The time since the run began, without interruptions.
    var seconds = 0.0
    /// The time not spent on training: preparations, validations, and work on snapshots.
    var pausedSeconds = 0.0
    /// The expected time of the last validation.
    var reservedSeconds = 0.0
  }

  /// - Parameter consumed: the consumption of the run before it was resumed.
  init(_ budget: TrainingConfiguration.Budget, windowsPerEpoch: Int, consumed: Consumption) {
    self.budget = budget
    counted = consumed
    secondsBefore = consumed.seconds
    start = clock.now
    let amount: Double? =
      switch budget.unit {
      case .steps: budget.amount
      case .epochs: budget.amount * Double(windowsPerEpoch)
      case .minutes: budget.mostEpochs.map { $0 * Double(windowsPerEpoch) }
      }
    stepLimit = amount.map { max(1, Int(min($0.rounded(.up), 1e18))) }
  }

  mutating func advance(characters count: Double) {
    counted.stepCount += 1
    counted.characters += count
  }

  /// Restores an earlier consumption, except for the time.
  mutating func rollBack(to earlier: Consumption) {
    counted.stepCount = earlier.stepCount
    counted.characters = earlier.characters
  }

  /// The consumption so far.
  var consumed: Consumption {
    var consumed = counted
    consumed.seconds = seconds
    return consumed
  }

  var stepCount: Int { counted.stepCount }
  var characters: Double { counted.characters }

  /// Runs a validation and notes its time as that of the last one to come.
  mutating func validate<Result>(_ body: () -> Result) -> Result {
    let begin = seconds
    let result = body()
    counted.reservedSeconds = seconds - begin
    counted.pausedSeconds += counted.reservedSeconds
    return result
  }

  /// Runs work that is not training.
  mutating func pause<Result>(_ body: () throws -> Result) rethrows -> Result {
    let begin = seconds
    defer { counted.pausedSeconds += seconds - begin }
    return try body()
  }

  /// The time since the run began.
  var seconds: Double { secondsBefore + start.duration(to: clock.now).seconds }

  /// The consumed part of the budget, 0 ... 1; a time budget leaves room for a last validation.
  var fraction: Double {
    let ofSteps = stepLimit.map { Double(stepCount) / Double($0) } ?? 0
    let ofTime = isTimed ? seconds / max(1e-9, trainingLimit) : 0
    return min(1, max(ofSteps, ofTime))
  }

  var isFinished: Bool {
    hasEveryStep || isTimed && stepCount > 0 && seconds >= trainingLimit
  }

  private var isTimed: Bool { budget.unit == .minutes }
  private var hasEveryStep: Bool { stepLimit.map { stepCount >= $0 } ?? false }

  /// Whether a validation now leaves time for training and for the last validation.
  var hasTimeForAnotherValidation: Bool {
    !isTimed || seconds + counted.reservedSeconds < trainingLimit
  }

  var reason: TrainingResult.Reason {
    switch budget.unit {
    case .steps: .steps
    case .epochs: .epochs
    case .minutes: hasEveryStep ? .epochs : .time
    }
  }

  var charactersPerSecond: Double {
    characters / max(1e-9, seconds - counted.pausedSeconds)
  }

  var pace: TrainingPace {
    TrainingPace(
      seconds: seconds, charactersPerSecond: charactersPerSecond, secondsLeft: secondsLeft,
      progress: fraction)
  }

  private var secondsLeft: Double {
    let ofSteps =
      stepLimit.map { seconds * Double($0 - stepCount) / Double(max(1, stepCount)) } ?? .infinity
    return min(ofSteps, isTimed ? max(0, budget.amount * 60 - seconds) : .infinity)
  }

  private var trainingLimit: Double { max(0, budget.amount * 60 - counted.reservedSeconds) }
}

/// The speed of a run, and its remaining time.
public struct TrainingPace: Sendable, Equatable {
  /// The time since the run began.
  public var seconds: Double
  /// Characters trained on in a second, validations excluded.
  public var charactersPerSecond: Double
  /// The time until the run ends, at this speed.
  public var secondsLeft: Double
  /// The consumed part of the budget, 0 ... 1.
  public var progress: Double
}
