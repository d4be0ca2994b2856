import Glibc

extension ParameterBuffer {
  /// The parameters of a network with a larger vocabulary, to continue training with.
  ///
  /// Old tokens keep their rows, and every text of old tokens keeps its probability. The N new
  /// tokens share what the model gave to u, the one token that represented all unknown ones:
  /// ```
  /// lm_head.weight[new] = lm_head.weight[u]
  /// lm_head.bias[new] = lm_head.bias[u] = old lm_head.bias[u] - log(N + 1)
  /// ```
  /// So the N + 1 of them add up to e^logit_u in every softmax, whose sum stays the same up to
  /// rounding. A very low bias would achieve that only approximately, and rows of zeros not at all.
  /// New rows of the embedding are drawn like those of a new network; tied embeddings take u's row,
  /// as the projection's must.
  ///
  /// - Parameters:
  ///   - parameters: those of the network that `configuration` describes.
  ///   - configuration: the old network.
  ///   - vocabularySize: V of the new network, at least that of `configuration`.
  ///   - shared: u.
  ///   - seed: of the new rows.
  public init(
    extending parameters: borrowing ParameterBuffer, of configuration: NetworkConfiguration,
    toVocabularySize vocabularySize: Int, sharing shared: Int, seed: UInt64
  ) {
    precondition(parameters.layout == ParameterLayout(configuration), "another network's")
    precondition(vocabularySize >= configuration.vocabularySize, "tokens would be lost")
    var extended = configuration
    extended.vocabularySize = vocabularySize
    self.init(configuration: extended, seed: seed)
    for (old, new) in zip(parameters.layout.tensors, layout.tensors) {
      // Rows of new tokens come last.
      values(of: new).baseAddress!.update(
        from: parameters.values(of: old).baseAddress!, count: old.count)
    }
    let newTokens = configuration.vocabularySize..<vocabularySize
    let weights = matrix(layout.outputWeight)
    let biases = values(of: layout.outputBias)
    biases[shared] -= Float(log(Double(newTokens.count + 1)))
    for token in newTokens {
      weights.row(token).update(from: weights.row(shared), count: weights.columnCount)
      biases[token] = biases[shared]
    }
  }
}
