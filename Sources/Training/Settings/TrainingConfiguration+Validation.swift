import ModelFiles
import RecurrentNetwork

extension TrainingConfiguration {
  /// Rejects invalid settings.
  /// - Throws: `TrainingSettingsError`.
  public func validate() throws {
    try check(.batchSize, batchSize, atLeast: 1)
    guard (1...batchSize).contains(shards) else {
      throw TrainingSettingsError.outOfRange(
        .shards, value: "\(shards)", range: "a number from 1 to the batch size, \(batchSize)")
    }
    try check(.window, windowLength, atLeast: 1)
    try check(.evaluationInterval, evaluateEvery ?? 1, atLeast: 1)
    try check(.patience, patience ?? 1, atLeast: 1)
    let budgetSetting: TrainingSetting =
      switch budget.unit {
      case .steps: .steps
      case .epochs: .epochs
      case .minutes: .minutes
      }
    try checkPositive(budgetSetting, budget.amount)
    try checkPositive(.epochs, budget.mostEpochs)
    try validateDropout()
    try checkShare(.validationFraction, validationFraction)
    try check(
      .validationSplit, isUsed: validationSplit != .tail,
      with: "a validation fraction above 0"
    ) {
      validationFraction > 0
    }
    // Outside this range, e^x overflows single precision.
    let forgetBias = initialization.forgetBias ?? 1
    try check(.forgetBias, forgetBias, "a number from -80 to 80", abs(forgetBias) <= 80)
    try validateOptimizer()
    try validateSchedule()
  }

  /// Rejects invalid settings, and settings that have no effect in a network of `cell`.
  /// - Throws: `TrainingSettingsError`.
  public func validate(for cell: CellKind) throws {
    try validate()
    try check(.forgetBias, isUsed: initialization.forgetBias != nil, with: "the cell LSTM") {
      cell.forgetGate != nil
    }
  }

  private func validateDropout() throws {
    try checkShare(.dropout, dropout)
    try checkShare(.embeddingDropout, embeddingDropout)
    try checkShare(.recurrentDropout, recurrentDropout)
    try check(.dropoutMask, isUsed: dropoutMask != .locked, with: "a dropout above 0") {
      dropout > 0
    }
  }

  private func validateOptimizer() throws {
    try checkPositive(.learningRate, learningRate)
    try checkPositive(.clipNorm, clipNorm)
    try checkPositive(.clipValue, clipValue)
    try check(.weightDecay, weightDecay, "a number of at least 0", weightDecay >= 0)
    try check(.l1, l1, "a number of at least 0", l1 >= 0)
    try checkShare(.momentum, momentum)
    try checkShare(.rmsPropDecay, smoothing ?? 0)
    try checkShare(.averageDecay, averageDecay ?? 0)
    try check(
      .averageLast, averageLast ?? 1, "a share above 0 and at most 1",
      averageLast ?? 1 > 0 && averageLast ?? 1 <= 1)
    if averageDecay != nil, averageLast != nil {
      throw TrainingSettingsError.exclude(.averageDecay, .averageLast)
    }
    try check(.momentum, isUsed: momentum != 0, with: "the optimizer SGD or RMSProp") {
      optimizer == .sgd || optimizer == .rmsProp
    }
    try check(.nesterov, isUsed: isNesterov, with: "the optimizer SGD and a momentum above 0") {
      optimizer == .sgd && momentum > 0
    }
    try check(.rmsPropDecay, isUsed: smoothing != nil, with: "the optimizer RMSProp") {
      optimizer == .rmsProp
    }
  }

  private func validateSchedule() throws {
    try check(.warmUpSteps, warmupSteps, atLeast: 0)
    try checkPositive(.decayInterval, decayEvery)
    try check(.decayStart, decayAfter ?? 0, "a number of at least 0", decayAfter ?? 0 >= 0)
    try check(
      .decayFactor, decayFactor ?? 1, "a share above 0 and at most 1",
      decayFactor ?? 1 > 0 && decayFactor ?? 1 <= 1)
    for (setting, isUsed) in [
      (TrainingSetting.decayInterval, decayEvery != nil), (.decayFactor, decayFactor != nil),
    ] {
      try check(setting, isUsed: isUsed, with: "the schedule step") { schedule == .step }
    }
    try check(
      .decayStart, isUsed: decayAfter != nil, with: "the schedule step and a decay interval"
    ) {
      schedule == .step && decayEvery != nil
    }
  }
}

// MARK: Checks

private func check(_ setting: TrainingSetting, _ value: Int, atLeast least: Int) throws {
  guard value >= least else {
    throw TrainingSettingsError.outOfRange(
      setting, value: "\(value)", range: "a number of at least \(least)")
  }
}

private func check(_ setting: TrainingSetting, _ value: Double, _ range: String, _ holds: Bool)
  throws
{
  guard value.isFinite, holds else {
    throw TrainingSettingsError.outOfRange(setting, value: "\(value)", range: range)
  }
}

private func checkPositive(_ setting: TrainingSetting, _ value: Double?) throws {
  try check(setting, value ?? 1, "a number above 0", value ?? 1 > 0)
}

private func checkShare(_ setting: TrainingSetting, _ value: Double) throws {
  try check(setting, value, "a share of at least 0 and below 1", value >= 0 && value < 1)
}

/// Rejects a setting that would have no effect.
private func check(
  _ setting: TrainingSetting, isUsed: Bool, with others: String, _ hasEffect: () -> Bool
) throws {
  guard !isUsed || hasEffect() else {
    throw TrainingSettingsError.hasNoEffect(setting, needs: others)
  }
}
