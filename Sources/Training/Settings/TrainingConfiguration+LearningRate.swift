import Glibc
import ModelFiles

extension TrainingConfiguration {
  /// The learning rate of a step.
  /// - Parameters:
  ///   - step: 0 for the first one.
  ///   - progress: the consumed part of the budget, 0 ... 1.
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

  /// The number of times that the step schedule has lowered the learning rate. It does so at the
  /// end of every `decayEvery` epochs, as in torch-rnn; with `decayAfter`, the first time comes
  /// after that many epochs instead, as in char-rnn.
  private func decayCount(progress: Double, epochs: Double) -> Double {
    guard let decayEvery else { return (progress * Self.stepCount).rounded(.down) }
    let since = epochs - (decayAfter ?? decayEvery)
    return since < 0 ? 0 : (since / decayEvery).rounded(.down) + 1
  }

  /// The share of the peak that remains at the end of a cosine or a line.
  private static let floor = 0.02
  /// The number of constant rates of the step schedule, unless `decayEvery` is given.
  private static let stepCount = 5.0
}
