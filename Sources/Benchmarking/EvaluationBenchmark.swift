import Evaluation
import Kernels
import RecurrentNetwork
import Tokenization

/// Measures the speed of scoring one long text, every character given all of the text before it.
package enum EvaluationBenchmark {
  /// Characters of the text.
  private static let length = 1 << 17

  /// - Returns: the speed for a text of 131,072 characters.
  /// - Throws: `BenchmarkingError.vocabularyTooSmall`.
  package static func measure(
    _ shape: InferenceShape, processor: Processor, seconds: Double
  ) throws -> Speed {
    precondition(shape.textCount == 1, "one text is scored")
    let model = try UntrainedModel(
      shape.network, precision: shape.precision, processor: processor)
    var stream = RandomStream(seed: 1, purpose: 2)
    var text = String.UnicodeScalarView()
    for _ in 0..<length { text.append(model.alphabet.randomElement(using: &stream)!) }
    let source = TextSource.text(String(text), name: "random text")
    var evaluator = Evaluator(model.text, processor: processor)
    let timing = try Timing.measure(for: seconds) { _ = try evaluator.evaluate(source) }
    return Speed(
      timing: timing, characterCount: length,
      operationCount: Double(length) * UsefulOperations.reading(shape.network))
  }
}
