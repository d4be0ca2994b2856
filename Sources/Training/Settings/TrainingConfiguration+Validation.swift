import ModelFiles
import RecurrentNetwork

extension TrainingConfiguration {
  /// Refuses settings that cannot be, by the names of the command line's options.
  /// - Throws: `TrainingError.invalidSetting` or `.unusedSetting`.
  public func validate() throws {
    try check("--batch-size", batchSize, atLeast: 1)
    try check("--window", windowLength, atLeast: 1)
    try check("--evaluate-every", evaluateEvery ?? 1, atLeast: 1)
    try check("--patience", patience ?? 1, atLeast: 1)
    let budgetOption =
      switch budget.unit {
      case .steps: "--max-steps"
      case .epochs: "--epochs"
      case .minutes: "--minutes"
      }
    try checkPositive(budgetOption, budget.amount)
    try validateDropout()
    try checkShare("--validation-fraction", validationFraction)
    try check(
      "--validation-split", isUsed: validationSplit != .tail,
      with: "a --validation-fraction above 0"
    ) {
      validationFraction > 0
    }
    // Farther out, e^x leaves single precision.
    let forgetBias = initialization.forgetBias ?? 1
    try check("--forget-bias", forgetBias, "a number from -80 to 80", abs(forgetBias) <= 80)
    try validateOptimizer()
    try validateSchedule()
  }

  /// The same, and refuses settings that would change nothing in a network of `cell`.
  /// - Throws: `TrainingError.invalidSetting` or `.unusedSetting`.
  public func validate(for cell: CellKind) throws {
    try validate()
    try check("--forget-bias", isUsed: initialization.forgetBias != nil, with: "--cell lstm") {
      cell == .lstm
    }
  }

  private func validateDropout() throws {
    try checkShare("--dropout", dropout)
    try checkShare("--embedding-dropout", embeddingDropout)
    try checkShare("--recurrent-dropout", recurrentDropout)
    try check("--dropout-mask", isUsed: dropoutMask != .locked, with: "a --dropout above 0") {
      dropout > 0
    }
  }

  private func validateOptimizer() throws {
    try checkPositive("--learning-rate", learningRate)
    try checkPositive("--clip-norm", clipNorm)
    try checkPositive("--clip-value", clipValue)
    try check("--weight-decay", weightDecay, "a number from 0 upwards", weightDecay >= 0)
    try check("--l1", l1, "a number from 0 upwards", l1 >= 0)
    try checkShare("--momentum", momentum)
    try checkShare("--smoothing", smoothing ?? 0)
    try checkShare("--ema", averageDecay ?? 0)
    try check("--momentum", isUsed: momentum != 0, with: "--optimizer sgd or rmsprop") {
      optimizer == .sgd || optimizer == .rmsProp
    }
    try check("--nesterov", isUsed: isNesterov, with: "--optimizer sgd and a --momentum above 0") {
      optimizer == .sgd && momentum > 0
    }
    try check("--smoothing", isUsed: smoothing != nil, with: "--optimizer rmsprop") {
      optimizer == .rmsProp
    }
  }

  private func validateSchedule() throws {
    try check("--warmup-steps", warmupSteps, atLeast: 0)
    try checkPositive("--decay-every", decayEvery)
    try check("--decay-after", decayAfter ?? 0, "a number from 0 upwards", decayAfter ?? 0 >= 0)
    try check(
      "--decay-factor", decayFactor ?? 1, "a share above 0 and up to 1",
      decayFactor ?? 1 > 0 && decayFactor ?? 1 <= 1)
    for (option, isUsed) in [
      ("--decay-every", decayEvery != nil), ("--decay-factor", decayFactor != nil),
    ] {
      try check(option, isUsed: isUsed, with: "--schedule step") { schedule == .step }
    }
    try check(
      "--decay-after", isUsed: decayAfter != nil, with: "--schedule step and --decay-every"
    ) {
      schedule == .step && decayEvery != nil
    }
  }
}

// MARK: Checks

private func check(_ option: String, _ value: Int, atLeast least: Int) throws {
  guard value >= least else {
    throw TrainingError.invalidSetting(
      option: option, value: "\(value)", range: "a number from \(least) upwards")
  }
}

private func check(_ option: String, _ value: Double, _ range: String, _ holds: Bool) throws {
  guard value.isFinite, holds else {
    throw TrainingError.invalidSetting(option: option, value: "\(value)", range: range)
  }
}

private func checkPositive(_ option: String, _ value: Double?) throws {
  try check(option, value ?? 1, "a number above 0", value ?? 1 > 0)
}

private func checkShare(_ option: String, _ value: Double) throws {
  try check(option, value, "a share from 0 to below 1", value >= 0 && value < 1)
}

/// Refuses a setting that would have no effect.
private func check(
  _ option: String, isUsed: Bool, with others: String, _ hasEffect: () -> Bool
) throws {
  guard !isUsed || hasEffect() else {
    throw TrainingError.unusedSetting(option: option, needs: others)
  }
}
