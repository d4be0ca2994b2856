import Kernels

extension ParameterBuffer {
  /// New parameters to train from, the same for the same seed on every machine.
  ///
  /// - Embeddings: uniform with mean 0 and variance 1.
  /// - Weights of the layers and of the projection: uniform in ±1/sqrt(H), as in PyTorch.
  /// - Biases: 0, but in `bias_ih` what the cell wants (for an LSTM's forget gate 1).
  public init(configuration: NetworkConfiguration, seed: UInt64) {
    self.init(layout: ParameterLayout(configuration))
    let hiddenSize = configuration.hiddenSize
    let weightBound = 1 / Double(hiddenSize).squareRoot()
    fillUniformly(layout.embedding, bound: 3.0.squareRoot(), seed: seed)
    for layer in layout.layers {
      fillUniformly(layer.inputWeight, bound: weightBound, seed: seed)
      fillUniformly(layer.recurrentWeight, bound: weightBound, seed: seed)
      for (gate, bias) in configuration.recurrentCell.initialBiases.enumerated() {
        for unit in 0..<hiddenSize { values(of: layer.inputBias)[gate * hiddenSize + unit] = bias }
      }
    }
    fillUniformly(layout.outputWeight, bound: weightBound, seed: seed)
  }

  /// A stream for each tensor, so that one's size does not change another's numbers.
  private func fillUniformly(_ tensor: ParameterLayout.Tensor, bound: Double, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: 0, UInt64(tensor.offset))
    for index in values(of: tensor).indices {
      values(of: tensor)[index] = Float((2 * stream.nextUniform() - 1) * bound)
    }
  }
}
