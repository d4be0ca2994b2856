import ModelFiles

/// The averages of the weights; a run keeps at most one of them.
extension TrainingConfiguration {
  /// Whether a trainer keeps an average.
  var keepsAverage: Bool { averageDecay != nil || averageLast != nil }

  /// Whether the weights after a step belong to the average of the last part of the run.
  /// - Parameter progress: the part of the budget that is consumed when the step begins.
  package func isInAverage(progress: Double) -> Bool {
    // 1 - 0.7 is rounded up, so that a step at 0.3 would be before it.
    averageLast.map { progress > 1 - $0 - 1e-9 } ?? false
  }
}
