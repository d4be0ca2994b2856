import Generation
import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Tokenization

/// A small model over the vocabulary of a text, and its naive twin.
struct SampleModel {
  let text: TextModel
  let twin: NaiveNetwork

  /// - Parameter adjust: changes the random parameters.
  init(
    vocabularyOf text: String, _ configuration: TokenizerConfiguration = TokenizerConfiguration(),
    adjust: (borrowing ParameterBuffer) -> Void = { _ in }
  ) throws {
    let tokenizer = try Tokenizer.fit(
      [.text(text, name: "sample")], configuration: configuration)
    let network = NetworkConfiguration(
      vocabularySize: tokenizer.vocabularySize, embeddingSize: 7, hiddenSize: 17, layerCount: 2)
    let window = RandomWindow(configuration: network, stepCount: 1, batchSize: 1)
    // What comes next is to depend on what came before more than on the biases.
    let layout = window.parameters.layout
    for (tensor, scale): (_, Float) in [
      (layout.embedding, 20), (layout.outputWeight, 3), (layout.outputBias, 0.1),
    ] {
      for index in tensor.range { window.parameters.start[index] *= scale }
    }
    adjust(window.parameters)
    twin = window.twin
    let summary = TrainingSummary(
      configuration: TrainingConfiguration(), steps: 0, charactersSeen: 0, seconds: 0,
      trainingTokens: 0, validationTokens: 0, validationNatsPerToken: nil)
    self.text = TextModel(
      weights: NetworkWeights(
        configuration: network, parameters: ParameterBuffer(copying: window.parameters),
        processor: Processor(threadCount: 1)),
      tokenizer: tokenizer, training: summary)
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
}
