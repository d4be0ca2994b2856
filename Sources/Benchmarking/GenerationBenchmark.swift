import Generation
import Kernels
import RecurrentNetwork

/// The speed of one text that grows character by character, sampling and decoding included.
package enum GenerationBenchmark {
  /// Characters of a text.
  private static let length = 200

  /// - Returns: of one text of 200 characters at temperature 0.8.
  /// - Throws: `BenchmarkingError.vocabularyTooSmall`.
  package static func measure(
    _ network: NetworkConfiguration, processor: Processor, seconds: Double
  ) throws -> Speed {
    let model = try UntrainedModel(network, processor: processor).text
    var generator = TextGenerator(model, processor: processor)
    let prompt = try Prompt("", tokenizer: model.tokenizer)
    var seed: UInt64 = 0
    let timing = try Timing.measure(for: seconds) {
      seed += 1
      _ = try generator.generate(
        after: prompt, length: length, settings: SamplerSettings(temperature: 0.8), seed: seed)
    }
    return Speed(
      timing: timing, characterCount: length,
      operationCount: Double(length) * UsefulOperations.reading(network))
  }
}
