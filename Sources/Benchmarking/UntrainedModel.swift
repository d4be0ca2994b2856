import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// A model with random weights over a synthetic alphabet, as fast as a trained one of its shape.
package struct UntrainedModel {
  package let text: TextModel
  /// The units of the vocabulary that are characters.
  package let alphabet: [Unicode.Scalar]

  /// Scalars that normalization does not change, ascending: ASCII, ideographs, Hangul syllables,
  /// more ideographs. There are as many as a vocabulary can have.
  private static let ranges: [ClosedRange<UInt32>] = [
    0x20...0x7E, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x20000...0x2A6DF,
  ]

  /// - Throws: `BenchmarkingError.vocabularyTooSmall`.
  package init(
    _ network: NetworkConfiguration, precision: WeightPrecision = .float32, processor: Processor
  ) throws {
    guard network.vocabularySize >= BenchmarkingError.leastVocabularySize else {
      throw BenchmarkingError.vocabularyTooSmall(size: network.vocabularySize)
    }
    let unitCount = network.vocabularySize - (BenchmarkingError.leastVocabularySize - 1)
    let scalars = Self.ranges.joined().lazy.compactMap(Unicode.Scalar.init)
    alphabet = Array(scalars.prefix(unitCount))
    let vocabulary = try Vocabulary(unit: .scalar, units: alphabet.map { String($0) })
    let summary = TrainingSummary(
      configuration: TrainingConfiguration(), steps: 0, charactersSeen: 0, seconds: 0,
      trainingTokens: 0, validationTokens: 0, validationNatsPerToken: nil)
    text = try TextModel(
      weights: NetworkWeights(
        configuration: network, parameters: ParameterBuffer(configuration: network, seed: 1),
        precision: precision, processor: processor),
      tokenizer: Tokenizer(configuration: TokenizerConfiguration(), vocabulary: vocabulary),
      training: summary)
  }
}
