import Evaluation
import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Tokenization

extension SampleModel {
  /// - Parameter weight: what every parameter is; random ones where it is nil.
  init(
    vocabularyOf text: String, _ configuration: TokenizerConfiguration = TokenizerConfiguration(),
    weight: Float? = nil, instructionSet: InstructionSet = .best
  ) throws {
    try self.init(
      vocabularyOf: text, tokenizer: configuration, instructionSet: instructionSet
    ) { parameters in
      guard let weight else { return }
      for index in 0..<parameters.count { parameters.start[index] = weight }
    }
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
