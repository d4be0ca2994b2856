import Generation
import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Tokenization

extension SampleModel {
  /// - Parameter adjust: changes the random parameters.
  init(
    vocabularyOf text: String, _ configuration: TokenizerConfiguration = TokenizerConfiguration(),
    adjust: (borrowing ParameterBuffer) -> Void = { _ in }
  ) throws {
    try self.init(vocabularyOf: text, tokenizer: configuration) { parameters in
      // What comes next is to depend on what came before more than on the biases.
      let layout = parameters.layout
      for (tensor, scale): (_, Float) in [
        (layout.embedding, 20), (layout.outputWeight, 3), (layout.outputBias, 0.1),
      ] {
        for index in tensor.range { parameters.start[index] *= scale }
      }
      adjust(parameters)
    }
  }

  /// Generates behind `prompt`.
  func generate(
    _ prompt: String = "", length: Int, _ settings: SamplerSettings = SamplerSettings(),
    seed: UInt64 = 1, threadCount: Int = 1, emit: (String) throws -> Void = { _ in }
  ) throws -> GenerationResult {
    var generator = TextGenerator(text, processor: Processor(threadCount: threadCount))
    return try generator.generate(
      after: Prompt(prompt, tokenizer: text.tokenizer), length: length, settings: settings,
      seed: seed, emit: emit)
  }

  /// The mean of -log p of the tokens of `text`, behind nothing.
  func natsPerToken(_ text: [TokenID]) -> Double {
    var predictor = Predictor(weights: self.text.weights, processor: Processor(threadCount: 1))
    var state = RecurrentState(self.text.weights.configuration)
    var previous = Vocabulary.endOfText
    var nats: [Double] = []
    text.withUnsafeBufferPointer {
      predictor.score($0, after: &previous, state: &state, nats: &nats)
    }
    return nats.reduce(0, +) / Double(nats.count)
  }
}
