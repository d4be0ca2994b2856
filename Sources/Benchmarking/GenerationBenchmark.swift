import Generation
import Kernels
import RecurrentNetwork

/// The speed of texts that grow character by character, sampling and decoding included.
package enum GenerationBenchmark {
  /// Characters of a text.
  private static let length = 200

  /// - Returns: of texts of 200 characters at temperature 0.8.
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
