import ModelFiles

/// How far a run is through its budget, and how fast it goes.
struct RunProgress {
  private let budget: TrainingConfiguration.Budget
  /// The steps of the whole run; nil where time decides.
  private let stepLimit: Int?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var counted: Consumption
  private let secondsBefore: Double

  /// What of a run is used up.
  struct Consumption: Codable, Equatable {
    var stepCount = 0
    /// Characters trained on.
    var characters = 0.0
    /// Since the run began, the time in which it was cut off not counted.
    var seconds = 0.0
    /// What was not training: preparations, validations, and whatever was done with snapshots.
    var pausedSeconds = 0.0
    /// What the last validation will take.
    var reservedSeconds = 0.0
  }

  /// - Parameter amounts: what was used up before.
  init(_ budget: TrainingConfiguration.Budget, windowsPerEpoch: Int, consumed: Consumption) {
    self.budget = budget
    counted = consumed
    secondsBefore = consumed.seconds
    start = clock.now
    let amount: Double? =
      switch budget.unit {
      case .steps: budget.amount
      case .epochs: budget.amount * Double(windowsPerEpoch)
      case .minutes: nil
      }
    stepLimit = amount.map { max(1, Int(min($0.rounded(.up), 1e18))) }
  }

  mutating func advance(characters count: Double) {
    counted.stepCount += 1
    counted.characters += count
  }

  /// Goes back to what was used up then, but for the time.
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

  /// Runs a validation and learns how long it takes.
  mutating func validate<Result>(_ body: () -> Result) -> Result {
    let begin = seconds
    let result = body()
    counted.reservedSeconds = seconds - begin
    counted.pausedSeconds += counted.reservedSeconds
    return result
  }

  /// Runs what is not training.
  mutating func pause<Result>(_ body: () throws -> Result) rethrows -> Result {
    let begin = seconds
    defer { counted.pausedSeconds += seconds - begin }
    return try body()
  }

  /// Since the run began.
  var seconds: Double { secondsBefore + start.duration(to: clock.now).seconds }

  /// The part of the budget that is used up, 0 ... 1; time ends early enough for a last validation.
  var fraction: Double {
    if let stepLimit { return min(1, Double(stepCount) / Double(stepLimit)) }
    return min(1, seconds / max(1e-9, trainingLimit))
  }

  var isFinished: Bool {
    if let stepLimit { return stepCount >= stepLimit }
    return stepCount > 0 && seconds >= trainingLimit
  }

  /// Whether a validation now leaves time for training and for the last validation.
  var hasTimeForAnotherValidation: Bool {
    stepLimit != nil || seconds + counted.reservedSeconds < trainingLimit
  }

  var reason: TrainingResult.Reason {
    switch budget.unit {
    case .steps: .steps
    case .epochs: .epochs
    case .minutes: .time
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
    if let stepLimit {
      return seconds * Double(stepLimit - stepCount) / Double(max(1, stepCount))
    }
    return max(0, budget.amount * 60 - seconds)
  }

  private var trainingLimit: Double { max(0, budget.amount * 60 - counted.reservedSeconds) }
}

/// How fast a run goes.
public struct TrainingPace: Sendable, Equatable {
  /// Since the run began.
  public var seconds: Double
  /// Characters trained on in a second, validations not counted.
  public var charactersPerSecond: Double
  /// Until the run ends, if it goes on like this.
  public var secondsLeft: Double
  /// The part of the budget that is used up, 0 ... 1.
  public var progress: Double
}
