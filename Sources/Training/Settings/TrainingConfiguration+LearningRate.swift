import Glibc
import ModelFiles

extension TrainingConfiguration {
  /// The learning rate of a step.
  /// - Parameters:
  ///   - step: 0 for the first one.
  ///   - progress: the part of the budget that is used up, 0 ... 1.
  ///   - epochs: passes over the text before the step.
  package func learningRate(step: Int, progress: Double, epochs: Double) -> Double {
    let warmup = warmupSteps > 0 ? min(1, Double(step + 1) / Double(warmupSteps)) : 1
    let progress = min(1, progress)
    let factor =
      switch schedule {
      case .constant: 1.0
      case .cosine: Self.floor + (1 - Self.floor) * 0.5 * (1 + cos(.pi * progress))
      case .linear: Self.floor + (1 - Self.floor) * (1 - progress)
      case .step: pow(decayFactor ?? 0.5, decayCount(progress: progress, epochs: epochs))
      }
    return learningRate * warmup * factor
  }

  /// How often the step schedule has lowered the learning rate: as in torch-rnn at the end of each so many
  /// epochs, or, with `decayAfter`, as in char-rnn for the first time after other than that.
  private func decayCount(progress: Double, epochs: Double) -> Double {
    guard let decayEvery else { return (progress * Self.stepCount).rounded(.down) }
    let since = epochs - (decayAfter ?? decayEvery)
    return since < 0 ? 0 : (since / decayEvery).rounded(.down) + 1
  }

  /// What is left of the peak at the end of a cosine or a line.
  private static let floor = 0.02
  /// Equal rates of the step schedule, where `decayEvery` does not say otherwise.
  private static let stepCount = 5.0
}
