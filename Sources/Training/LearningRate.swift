import ModelFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension TrainingConfiguration {
  /// The learning rate of a step.
  /// - Parameters:
  ///   - step: 0 for the first one.
  ///   - progress: the part of the budget that is used up, 0 ... 1.
  package func learningRate(step: Int, progress: Double) -> Double {
    let warmup = warmupSteps > 0 ? min(1, Double(step + 1) / Double(warmupSteps)) : 1
    switch schedule {
    case .constant:
      return learningRate * warmup
    case .cosine:
      let wave = 0.5 * (1 + cos(.pi * min(1, progress)))
      return learningRate * warmup * (Self.cosineFloor + (1 - Self.cosineFloor) * wave)
    }
  }

  /// What is left of the peak at the end of a cosine.
  private static let cosineFloor = 0.02
}
