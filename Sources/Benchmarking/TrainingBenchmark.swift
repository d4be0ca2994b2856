import Kernels
import ModelFiles
import Tokenization
import Training

/// Measures the speed of complete training steps on random tokens: forward, backward, clipping by
/// norm and Adam.
package enum TrainingBenchmark {
  /// Windows per epoch, after which the state is zero again.
  private static let windowCount = 16

  /// - Returns: the speed of one step.
  /// - Throws: `TrainingError.notFinite`.
  package static func measure(
    _ shape: TrainingShape, processor: Processor, seconds: Double
  ) throws -> Speed {
    let tokens = tokens(shape)
    var trainer = Trainer(
      network: shape.network, configuration: configuration(of: shape), tokens: TokenFile(tokens),
      range: 1..<tokens.count, processor: processor)
    let timing = try Timing.measure(for: seconds) { _ = try trainer.step(progress: 0) }
    return Speed(
      timing: timing, characterCount: shape.batchSize * shape.windowLength,
      operationCount: UsefulOperations.training(
        shape.network, batchSize: shape.batchSize, windowLength: shape.windowLength))
  }

  /// Random tokens.
  static func tokens(_ shape: TrainingShape) -> [TokenID] {
    var stream = RandomStream(seed: 1, purpose: 1)
    let vocabularySize = UInt64(shape.network.vocabularySize)
    return (0...windowCount * shape.batchSize * shape.windowLength).map { _ in
      TokenID(stream.next() % vocabularySize)
    }
  }

  static func configuration(of shape: TrainingShape) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.batchSize = shape.batchSize
    configuration.windowLength = shape.windowLength
    configuration.schedule = .constant
    configuration.learningRate = 0.002
    configuration.clipNorm = 5
    return configuration
  }
}
