import Kernels
import RecurrentNetwork
import Tokenization

extension TextModel {
  /// Adds the tokens that `tokenizer` has after this model's own, for further training. A text of
  /// old tokens keeps its probability (`ParameterBuffer.init(extending:)`).
  /// - Parameters:
  ///   - tokenizer: the new tokenizer.
  ///   - seed: determines the random weights of the new tokens.
  ///   - processor: the instruction set and the threads to compute with.
  /// - Precondition: `Tokenizer.extended` made `tokenizer` from this model's.
  public func extended(
    to tokenizer: Tokenizer, seed: UInt64, processor: Processor
  ) -> TextModel {
    var network = weights.configuration
    let parameters = ParameterBuffer(
      extending: weights.parameters, of: network, toVocabularySize: tokenizer.vocabularySize,
      sharing: Int(Vocabulary.unknown), seed: seed)
    network.vocabularySize = tokenizer.vocabularySize
    return TextModel(
      weights: NetworkWeights(
        configuration: network, parameters: parameters, processor: processor),
      tokenizer: tokenizer, training: training)
  }
}
