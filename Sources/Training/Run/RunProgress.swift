import ModelFiles

/// How far a run is through its budget, and how fast it goes.
struct RunProgress {
  private let budget: TrainingConfiguration.Budget
  /// The steps of the whole run; nil where time decides.
  private let stepLimit: Int?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var amounts: Amounts
  private let secondsBefore: Double

  /// What of a run is used up.
  struct Amounts: Codable, Equatable {
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
  init(_ budget: TrainingConfiguration.Budget, windowsPerEpoch: Int, amounts: Amounts) {
    self.budget = budget
    self.amounts = amounts
    secondsBefore = amounts.seconds
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
    amounts.stepCount += 1
    amounts.characters += count
  }

  /// Goes back to what was used up then, but for the time.
  mutating func goBack(to earlier: Amounts) {
    amounts.stepCount = earlier.stepCount
    amounts.characters = earlier.characters
  }

  /// What is used up now.
  var usedUp: Amounts {
    var amounts = amounts
    amounts.seconds = seconds
    return amounts
  }

  var stepCount: Int { amounts.stepCount }
  var characters: Double { amounts.characters }

  /// Runs a validation and learns how long it takes.
  mutating func validate<Result>(_ body: () -> Result) -> Result {
    let begin = seconds
    let result = body()
    amounts.reservedSeconds = seconds - begin
    amounts.pausedSeconds += amounts.reservedSeconds
    return result
  }

  /// Runs what is not training.
  mutating func pause<Result>(_ body: () throws -> Result) rethrows -> Result {
    let begin = seconds
    defer { amounts.pausedSeconds += seconds - begin }
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
    stepLimit != nil || seconds + amounts.reservedSeconds < trainingLimit
  }

  var reason: TrainingResult.Reason {
    switch budget.unit {
    case .steps: .steps
    case .epochs: .epochs
    case .minutes: .time
    }
  }

  var charactersPerSecond: Double {
    characters / max(1e-9, seconds - amounts.pausedSeconds)
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

  private var trainingLimit: Double { max(0, budget.amount * 60 - amounts.reservedSeconds) }
}
