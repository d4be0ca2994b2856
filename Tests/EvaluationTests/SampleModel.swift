import Evaluation
import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Tokenization

/// A small model over the vocabulary of a text, and its naive twin.
struct SampleModel {
  let text: TextModel
  let twin: NaiveNetwork

  /// - Parameter weight: what every parameter is; random ones where it is nil.
  init(
    vocabularyOf text: String, _ configuration: TokenizerConfiguration = TokenizerConfiguration(),
    weight: Float? = nil, instructionSet: InstructionSet = .best
  ) throws {
    let tokenizer = try Tokenizer.fit(
      [.text(text, name: "sample")], configuration: configuration)
    let network = NetworkConfiguration(
      vocabularySize: tokenizer.vocabularySize, embeddingSize: 7, hiddenSize: 17, layerCount: 2)
    let window = RandomWindow(configuration: network, stepCount: 1, batchSize: 1)
    if let weight {
      for index in 0..<window.parameters.count { window.parameters.start[index] = weight }
    }
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

  var vocabularySize: Int { text.tokenizer.vocabularySize }

  /// Evaluates a text of these bytes.
  func evaluate(
    _ bytes: [UInt8], invalidUTF8: InvalidUTF8Policy = .error, chunkByteCount: Int = 1 << 14,
    threadCount: Int = 1, instructionSet: InstructionSet = .best
  ) throws -> EvaluationResult {
    var evaluator = Evaluator(
      text, processor: Processor(instructionSet: instructionSet, threadCount: threadCount))
    return try evaluator.evaluate(
      .bytes(bytes, name: "text"), invalidUTF8: invalidUTF8, chunkByteCount: chunkByteCount)
  }

  func evaluate(_ string: String) throws -> EvaluationResult {
    try evaluate(Array(string.utf8))
  }
}
