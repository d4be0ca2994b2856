import Generation
import Kernels
import RecurrentNetwork

/// Measures the speed of generating texts character by character, including sampling and decoding.
package enum GenerationBenchmark {
  /// Characters per text.
  private static let length = 200

  /// - Returns: the speed for texts of 200 characters at temperature 0.8.
  /// - Throws: `BenchmarkingError.vocabularyTooSmall`.
  package static func measure(
    _ shape: InferenceShape, processor: Processor, seconds: Double
  ) throws -> Speed {
    let model = try UntrainedModel(
      shape.network, precision: shape.precision, processor: processor
    ).text
    var generator = TextGenerator(model, processor: processor)
    let prompt = try Prompt("", tokenizer: model.tokenizer)
    var seed: UInt64 = 0
    let timing = try Timing.measure(for: seconds) {
      seed += 1
      _ = try generator.generate(
        after: prompt, count: shape.textCount, until: StoppingCriteria(length: length),
        settings: SamplerSettings(temperature: 0.8), seed: seed)
    }
    return Speed(
      timing: timing, characterCount: length * shape.textCount,
      operationCount: Double(length * shape.textCount) * UsefulOperations.reading(shape.network))
  }
}
