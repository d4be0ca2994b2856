import ModelFiles

extension TrainingConfiguration {
  /// Refuses settings that cannot be, by the names of the command line's options.
  /// - Throws: `TrainingError.invalidSetting`.
  public func validate() throws {
    func check(_ option: String, _ value: Int, atLeast least: Int) throws {
      guard value >= least else {
        throw TrainingError.invalidSetting(
          option: option, value: "\(value)", range: "a number from \(least) upwards")
      }
    }
    func check(_ option: String, _ value: Double, _ range: String, _ holds: Bool) throws {
      guard value.isFinite, holds else {
        throw TrainingError.invalidSetting(option: option, value: "\(value)", range: range)
      }
    }
    try check("--batch-size", batchSize, atLeast: 1)
    try check("--window", windowLength, atLeast: 1)
    try check("--warmup-steps", warmupSteps, atLeast: 0)
    try check("--evaluate-every", evaluateEvery ?? 1, atLeast: 1)
    let budgetOption =
      switch budget.unit {
      case .steps: "--max-steps"
      case .epochs: "--epochs"
      case .minutes: "--minutes"
      }
    try check(budgetOption, budget.amount, "a number above 0", budget.amount > 0)
    try check("--learning-rate", learningRate, "a number above 0", learningRate > 0)
    try check("--clip-norm", clipNorm ?? 1, "a number above 0", clipNorm ?? 1 > 0)
    try check("--dropout", dropout, "a share from 0 to below 1", dropout >= 0 && dropout < 1)
    try check(
      "--validation-fraction", validationFraction, "a share from 0 to below 1",
      validationFraction >= 0 && validationFraction < 1)
  }
}
