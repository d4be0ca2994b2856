import Glibc
import Kernels

extension ParameterBuffer {
  /// New parameters, the same for the same seed on every machine: they result only from sums,
  /// products, quotients and square roots in double precision, in one order.
  public init(
    configuration: NetworkConfiguration, initialization: Initialization = Initialization(),
    seed: UInt64
  ) {
    self.init(layout: ParameterLayout(configuration))
    let embeddingBound = 3.0.squareRoot()  // a variance of 1
    fillUniformly(
      layout.embedding,
      bound: configuration.tiesEmbeddings
        ? min(embeddingBound, 4 / Double(configuration.embeddingSize).squareRoot())
        : embeddingBound,
      seed: seed)
    for layer in layout.layers {
      fill(layer.inputWeight, initialization.weights, seed: seed)
      fill(layer.recurrentWeight, initialization, seed: seed)
      for gain in [layer.inputGain, layer.recurrentGain].compactMap({ $0 }) {
        values(of: gain).update(repeating: 1)
      }
      if let gate = configuration.cell.forgetGate {
        let units = gate * configuration.hiddenSize..<(gate + 1) * configuration.hiddenSize
        for unit in units {
          values(of: layer.inputBias)[unit] = Float(initialization.forgetBias ?? 1)
        }
      }
    }
    if let projection = layout.outputProjection {
      fill(projection, initialization.weights, seed: seed)
    }
    if !configuration.tiesEmbeddings {
      fill(layout.outputWeight, initialization.weights, seed: seed)
    }
  }

  /// Sets `lm_head.bias` to the logarithms of the tokens' frequencies, each counted once more so
  /// that none is 0.
  /// - Parameter counts: of each token in the training text, [V].
  public func setOutputBias(counts: [Int]) {
    let total = Double(counts.reduce(0, +) + counts.count)
    for (token, count) in counts.enumerated() {
      values(of: layout.outputBias)[token] = Float(log(Double(count + 1) / total))
    }
  }

  private func fill(
    _ recurrentWeight: ParameterLayout.Tensor, _ initialization: Initialization, seed: UInt64
  ) {
    switch initialization.recurrentWeights {
    case .none: fill(recurrentWeight, initialization.weights, seed: seed)
    case .uniform: fill(recurrentWeight, .uniform, seed: seed)
    case .xavier: fill(recurrentWeight, .xavier, seed: seed)
    case .orthogonal: fillOrthogonally(recurrentWeight, seed: seed)
    }
  }

  /// Uniform weights are within 1/sqrt(H), as PyTorch draws them.
  private func fill(
    _ tensor: ParameterLayout.Tensor, _ scheme: Initialization.Scheme, seed: UInt64
  ) {
    let bound =
      switch scheme {
      case .uniform: 1 / Double(layout.layers[0].recurrentWeight.shape[1]).squareRoot()
      case .xavier: (6 / Double(tensor.shape[0] + tensor.shape[1])).squareRoot()
      }
    fillUniformly(tensor, bound: bound, seed: seed)
  }

  private func fillUniformly(_ tensor: ParameterLayout.Tensor, bound: Double, seed: UInt64) {
    var stream = stream(of: tensor, seed: seed)
    for index in values(of: tensor).indices {
      values(of: tensor)[index] = Float((2 * stream.nextUniform() - 1) * bound)
    }
  }

  private func fillOrthogonally(_ tensor: ParameterLayout.Tensor, seed: UInt64) {
    var stream = stream(of: tensor, seed: seed)
    let columns = OrthonormalVectors(
      count: tensor.shape[1], length: tensor.shape[0], stream: &stream)
    let matrix = matrix(tensor)
    for column in 0..<matrix.columnCount {
      let vector = columns.vector(column)
      for row in 0..<matrix.rowCount { matrix.row(row)[column] = Float(vector[row]) }
    }
  }

  /// A stream for each tensor, so that its numbers do not depend on the sizes of others.
  private func stream(of tensor: ParameterLayout.Tensor, seed: UInt64) -> RandomStream {
    RandomStream(seed: seed, purpose: 0, UInt64(tensor.offset))
  }
}
