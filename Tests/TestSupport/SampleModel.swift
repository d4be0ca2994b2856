import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// A small model over the vocabulary of a text, and its naive twin.
package struct SampleModel {
  package let text: TextModel
  package let twin: NaiveNetwork

  /// - Parameter adjust: changes the random parameters.
  package init(
    vocabularyOf text: String, tokenizer configuration: TokenizerConfiguration,
    instructionSet: InstructionSet = .best,
    adjustingParameters adjust: (borrowing ParameterBuffer) -> Void
  ) throws {
    let tokenizer = try Tokenizer.fit(
      [.text(text, name: "sample")], configuration: configuration)
    let network = NetworkConfiguration(
      vocabularySize: tokenizer.vocabularySize, embeddingSize: 7, hiddenSize: 17, layerCount: 2)
    let window = RandomWindow(configuration: network, stepCount: 1, batchSize: 1)
    adjust(window.parameters)
    twin = window.twin
    let summary = TrainingSummary(
      configuration: TrainingConfiguration(), steps: 0, charactersSeen: 0, seconds: 0,
      trainingTokens: 0, validationTokens: 0, validationNatsPerToken: nil)
    self.text = TextModel(
      weights: NetworkWeights(
        configuration: network, parameters: ParameterBuffer(copying: window.parameters),
        processor: Processor(instructionSet: instructionSet, threadCount: 1)),
      tokenizer: tokenizer, training: summary)
  }
}
