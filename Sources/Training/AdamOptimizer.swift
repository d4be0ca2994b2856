import Kernels
import RecurrentNetwork

/// Adam (Kingma & Ba 2015, "Adam: a method for stochastic optimization") on gradients clipped by their global
/// norm (Pascanu, Mikolov & Bengio 2013), with PyTorch's defaults and formulas.
struct AdamOptimizer: ~Copyable {
  private var firstMoments: ParameterBuffer
  private var secondMoments: ParameterBuffer
  private var stepCount = 0
  private let chunkSums: AlignedBuffer<Double>
  private let processor: Processor

  private static let beta1 = 0.9
  private static let beta2 = 0.999
  private static let epsilon = 1e-8
  /// Sums of squares are taken over chunks of this many parameters, so that threads do not change them.
  private static let chunkCount = 16_384

  init(layout: ParameterLayout, processor: Processor) {
    firstMoments = ParameterBuffer(layout: layout)
    secondMoments = ParameterBuffer(layout: layout)
    chunkSums = AlignedBuffer(
      repeating: 0, count: (layout.count + Self.chunkCount - 1) / Self.chunkCount)
    self.processor = processor
  }

  /// The square root of the sum of all squares; not finite if one of the values is not.
  func norm(of values: borrowing ParameterBuffer) -> Double {
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
  /// - Parameters:
  ///   - gradientNorm: what `norm(of:)` gave for these gradients.
  ///   - clipNorm: the norm that gradients are scaled down to; nil for none.
  mutating func update(
    _ parameters: inout ParameterBuffer, gradients: borrowing ParameterBuffer,
    gradientNorm: Double, clipNorm: Double?, learningRate: Double
  ) {
    stepCount += 1
    let step = AdamStep(
      learningRate: learningRate, beta1: Self.beta1, beta2: Self.beta2, epsilon: Self.epsilon,
      step: stepCount, gradientScale: Self.scale(norm: gradientNorm, limit: clipNorm))
    let kernels = processor.kernels
    let (values, slopes) = (parameters.start, gradients.start)
    let (first, second) = (firstMoments.start, secondMoments.start)
    processor.team.forEachRange(of: parameters.count, grain: 64) { range, _ in
      kernels.adam(
        step, range: range, parameters: values, gradients: slopes, firstMoments: first,
        secondMoments: second)
    }
  }

  /// PyTorch's `clip_grad_norm_`.
  static func scale(norm: Double, limit: Double?) -> Double {
    guard let limit else { return 1 }
    return min(1, limit / (norm + 1e-6))
  }
}
