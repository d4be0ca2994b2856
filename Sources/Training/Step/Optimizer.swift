import Kernels
import ModelFiles
import RecurrentNetwork

/// Updates the parameters, and owns their moments and their average.
///
/// Gradients are clipped first by their global norm (Pascanu, Mikolov & Bengio 2013), then by
/// value. For the formulas of a step see `UpdateRule`, for the parameters that decay
/// `TrainingConfiguration.decayScope`.
///
/// The exponential average of the weights after steps 1 ... t has its bias corrected as in Adam:
/// `(1 - d) / (1 - d^t) * sum of d^(t-k) weights_k`, where d is the average's decay. After the
/// first step it equals that step's weights; the initial weights have no part in it.
///
/// The other average is the mean of the weights after each step of the last part of a run (Izmailov
/// et al. 2018, "Averaging weights leads to wider optima and better generalization"). Before that
/// part there is none.
package struct Optimizer: ~Copyable {
  private let configuration: TrainingConfiguration
  private let rule: UpdateRule
  private let firstMoments: ParameterBuffer?
  private let secondMoments: ParameterBuffer?
  private let averages: ParameterBuffer?
  /// The parameters, each range with whether it decays.
  private let ranges: [(range: Range<Int>, decays: Bool)]
  /// Updates so far, for the bias corrections.
  private(set) var stepCount = 0
  /// Steps in the average of the last part; 0 before it.
  private(set) var averageCount = 0
  private let chunkSums: AlignedBuffer<Double>
  /// Each thread's sum of squares of all that it wrote; finite only if all of that is.
  private let updateSums: AlignedBuffer<Double>
  private let processor: Processor

  /// Sums of squares are taken over chunks of this many parameters, so that they do not depend on
  /// the number of threads.
  private static let chunkCount = 16_384
  /// Parameters updated at a time, and checked while they are in the cache.
  private static let updateCount = 4_096

  /// - Parameter parameters: the parameters to be updated, as they are before the first step.
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
    averages = configuration.keepsAverage ? ParameterBuffer(copying: parameters) : nil
    ranges =
      switch configuration.decayScope {
      case .all: [(0..<layout.count, true)]
      case .matrices: Self.ranges(of: layout)
      }
    chunkSums = AlignedBuffer(
      repeating: 0, count: (layout.count + Self.chunkCount - 1) / Self.chunkCount)
    updateSums = AlignedBuffer(repeating: 0, count: processor.team.threadCount)
    self.processor = processor
  }

  private static func ranges(of layout: ParameterLayout) -> [(Range<Int>, Bool)] {
    var end = 0
    return layout.tensors.compactMap { tensor in
      guard tensor.offset >= end else { return nil }  // a tied tensor's second name
      end = tensor.range.upperBound
      return (tensor.range, tensor.shape.count > 1)
    }
  }

  /// The buffer of `kind`, except for the parameters; nil if the settings need none.
  func start(of kind: EngineBuffer) -> UnsafeMutablePointer<Float>? {
    switch kind {
    case .parameters: nil
    case .firstMoments: Training.start(of: firstMoments)
    case .secondMoments: Training.start(of: secondMoments)
    case .averages: Training.start(of: averages)
    }
  }

  /// Resumes after `stepCount` updates, `averageCount` of which are in the average of the last
  /// part.
  mutating func restore(stepCount: Int, averageCount: Int) {
    self.stepCount = stepCount
    self.averageCount = averageCount
  }

  /// The square root of the sum of all squares; not finite if a value is not.
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

  /// Updates `parameters` once.
  /// - Parameters:
  ///   - gradientNorm: the result of `norm(of:)` for these gradients.
  ///   - isInAverage: whether the new weights belong to the average of the last part; if not, that
  ///     begins anew with the next step that does.
  /// - Returns: whether everything written, moments and average included, is finite.
  @discardableResult
  package mutating func update(
    _ parameters: inout ParameterBuffer, gradients: borrowing ParameterBuffer,
    gradientNorm: Double, learningRate: Double, isInAverage: Bool = false
  ) -> Bool {
    stepCount += 1
    averageCount = isInAverage ? averageCount + 1 : 0
    var update = ParameterUpdate(rule: rule, learningRate: learningRate, step: stepCount)
    update.gradientScale = Self.scale(norm: gradientNorm, limit: configuration.clipNorm)
    update.clipValue = configuration.clipValue
    update.weightDecay = configuration.weightDecay
    update.l1 = configuration.l1
    update.isDecayDecoupled = configuration.optimizer == .adamW
    if let decay = configuration.averageDecay {
      update.averageShare = (1 - decay) / (1 - power(decay, stepCount))
    } else if isInAverage {
      update.averageShare = 1 / Double(averageCount)
    }
    let (start, gradients) = (parameters.start, UnsafePointer(gradients.start))
    let firstMoments = Training.start(of: firstMoments)
    let secondMoments = Training.start(of: secondMoments)
    let averages = hasAverage ? Training.start(of: averages) : nil
    let written = [start, firstMoments, secondMoments, averages].compactMap { $0 }
    let (kernels, ranges) = (processor.kernels, ranges)
    var withoutDecay = update
    (withoutDecay.weightDecay, withoutDecay.l1) = (0, 0)
    updateSums.start.update(repeating: 0, count: updateSums.count)
    let sums = updateSums.start
    processor.team.forEachRange(of: parameters.count, grain: 64) {
      [update, withoutDecay] range, part in
      for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.updateCount) {
        let chunk = first..<min(range.upperBound, first + Self.updateCount)
        for (tensor, decays) in ranges where tensor.overlaps(chunk) {
          kernels.update(
            decays ? update : withoutDecay, range: tensor.clamped(to: chunk), parameters: start,
            gradients: gradients, firstMoments: firstMoments, secondMoments: secondMoments,
            averages: averages)
        }
        for values in written {
          sums[part] += kernels.sumOfSquares(values + first, count: chunk.count)
        }
      }
    }
    return UnsafeBufferPointer(start: sums, count: updateSums.count).allSatisfy(\.isFinite)
  }

  /// Whether a step is in the average; the exponential one has the first weights until then.
  private var hasAverage: Bool { configuration.averageDecay != nil || averageCount > 0 }

  /// A copy of the weights to validate and to save: their average, if there is one.
  package func weights(_ parameters: borrowing ParameterBuffer) -> ParameterBuffer {
    guard hasAverage else { return ParameterBuffer(copying: parameters) }
    return switch averages {
    case .some(let averages): ParameterBuffer(copying: averages)
    case .none: ParameterBuffer(copying: parameters)
    }
  }

  /// The factor of PyTorch's `clip_grad_norm_`.
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
