import Kernels
import ModelFiles
import RecurrentNetwork

/// The owner of what an optimizer remembers of each parameter, and of the parameters' average.
///
/// Gradients are clipped first by their global norm (Pascanu, Mikolov & Bengio 2013), then by value. All
/// parameters decay, biases and embeddings among them, as in PyTorch without parameter groups. What a step
/// computes stands in `ParameterUpdate` and `UpdateRule`.
///
/// The average of the weights after steps 1 ... t is the exponential one with its bias corrected as in Adam,
/// `(1 - d) / (1 - d^t) * sum of d^(t-k) weights_k` with d the average's decay: after the first step it is
/// that step's weights, and the initial ones have no part in it.
package struct Optimizer: ~Copyable {
  private let configuration: TrainingConfiguration
  private let rule: UpdateRule
  private let firstMoments: ParameterBuffer?
  private let secondMoments: ParameterBuffer?
  private let averages: ParameterBuffer?
  private var stepCount = 0
  private let chunkSums: AlignedBuffer<Double>
  private let processor: Processor

  /// Sums of squares are taken over chunks of this many parameters, so that threads do not change them.
  private static let chunkCount = 16_384

  /// - Parameter parameters: those that will be updated, as they are before the first step.
  package init(
    _ configuration: TrainingConfiguration, parameters: borrowing ParameterBuffer,
    processor: Processor
  ) {
    let rule = configuration.updateRule
    let layout = parameters.layout
    self.configuration = configuration
    self.rule = rule
    firstMoments = rule.momentCount > 0 ? ParameterBuffer(layout: layout) : nil
    secondMoments = rule.momentCount > 1 ? ParameterBuffer(layout: layout) : nil
    averages = configuration.averageDecay == nil ? nil : ParameterBuffer(copying: parameters)
    chunkSums = AlignedBuffer(
      repeating: 0, count: (layout.count + Self.chunkCount - 1) / Self.chunkCount)
    self.processor = processor
  }

  /// The square root of the sum of all squares; not finite if one of the values is not.
  package func norm(of values: borrowing ParameterBuffer) -> Double {
    let (start, count) = (values.start, values.count)
    let sums = chunkSums.start
    let kernels = processor.kernels
    processor.team.forEachRange(of: chunkSums.count) { chunks, _ in
      for chunk in chunks {
        let first = chunk * Self.chunkCount
        sums[chunk] = kernels.sumOfSquares(
          start + first, count: min(Self.chunkCount, count - first))
      }
    }
    return UnsafeBufferPointer(start: sums, count: chunkSums.count).reduce(0, +).squareRoot()
  }

  /// One update of `parameters`.
  /// - Parameter gradientNorm: what `norm(of:)` gave for these gradients.
  package mutating func update(
    _ parameters: inout ParameterBuffer, gradients: borrowing ParameterBuffer,
    gradientNorm: Double, learningRate: Double
  ) {
    stepCount += 1
    var update = ParameterUpdate(rule: rule, learningRate: learningRate, step: stepCount)
    update.gradientScale = Self.scale(norm: gradientNorm, limit: configuration.clipNorm)
    update.clipValue = configuration.clipValue
    update.weightDecay = configuration.weightDecay
    update.l1 = configuration.l1
    update.isDecayDecoupled = configuration.optimizer == .adamW
    if let decay = configuration.averageDecay {
      update.averageShare = (1 - decay) / (1 - power(decay, stepCount))
    }
    let buffers = UpdateBuffers(
      parameters: parameters.start, gradients: gradients.start,
      firstMoments: start(of: firstMoments), secondMoments: start(of: secondMoments),
      averages: start(of: averages))
    let kernels = processor.kernels
    processor.team.forEachRange(of: parameters.count, grain: 64) { range, _ in
      kernels.update(update, range: range, of: buffers)
    }
  }

  /// A copy of the weights to validate and to save: their average, if one is kept.
  package func weights(_ parameters: borrowing ParameterBuffer) -> ParameterBuffer {
    switch averages {
    case .some(let averages): ParameterBuffer(copying: averages)
    case .none: ParameterBuffer(copying: parameters)
    }
  }

  /// PyTorch's `clip_grad_norm_`.
  private static func scale(norm: Double, limit: Double?) -> Double {
    guard let limit else { return 1 }
    return min(1, limit / (norm + 1e-6))
  }
}

private func start(of buffer: borrowing ParameterBuffer?) -> UnsafeMutablePointer<Float>? {
  switch buffer {
  case .some(let buffer): buffer.start
  case .none: nil
  }
}
