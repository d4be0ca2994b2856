import Kernels
import RecurrentNetwork
import Tokenization

extension TextModel {
  /// This model with the tokens that `tokenizer` has behind its own, to train on from; a text of old tokens keeps
  /// its probability (`ParameterBuffer.init(extending:)`).
  /// - Parameter seed: decides what is drawn for the new tokens.
  /// - Precondition: `tokenizer` was made from this model's by `Tokenizer.extended`.
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
