/// Where each tensor of a network lies in the one run of floats that parameters, gradients and
/// optimizer moments alike are stored in; it is also the model file's table of tensors.
///
/// Names and shapes are those of a PyTorch module with `embedding` (`nn.Embedding`), `rnn` (`nn.LSTM`, `nn.GRU` or `nn.RNN`)
/// and `lm_head` (`nn.Linear`), so that such a module loads the file with `strict=True`.
///
/// Tied embeddings (`NetworkConfiguration.tiesEmbeddings`) are one tensor with two names, as in the `state_dict`
/// of such a module after `lm_head.weight = embedding.weight`: both have the same range of floats, so the
/// gradients of both uses add up there, and an optimizer has one moment for both.
public struct ParameterLayout: Sendable, Equatable {
  /// One tensor: row-major, at `offset` floats from the beginning.
  public struct Tensor: Sendable, Equatable {
    public let name: String
    /// One or two sizes.
    public let shape: [Int]
    public let offset: Int
    public var count: Int { shape.reduce(1, *) }
    public var range: Range<Int> { offset..<offset + count }
  }

  /// The tensors of one recurrent layer.
  public struct Layer: Sendable, Equatable {
    /// (G H, in)
    public let inputWeight: Tensor
    /// (G H, H)
    public let recurrentWeight: Tensor
    /// (G H)
    public let inputBias: Tensor
    /// (G H)
    public let recurrentBias: Tensor
  }

  /// (V, E)
  public let embedding: Tensor
  public let layers: [Layer]
  /// (V, H); the floats of `embedding` where the embeddings are tied.
  public let outputWeight: Tensor
  /// (V)
  public let outputBias: Tensor

  /// - Precondition: `configuration.validate()` passes.
  public init(_ configuration: NetworkConfiguration) {
    let vocabularySize = configuration.vocabularySize
    let hiddenSize = configuration.hiddenSize
    let gateSize = configuration.gateSize
    var end = 0
    func place(_ name: String, _ shape: Int...) -> Tensor {
      let tensor = Tensor(name: name, shape: shape, offset: end)
      end += tensor.count
      return tensor
    }
    embedding = place("embedding.weight", vocabularySize, configuration.embeddingSize)
    layers = (0..<configuration.layerCount).map { layer in
      Layer(
        inputWeight: place(
          "rnn.weight_ih_l\(layer)", gateSize, configuration.inputSize(layer: layer)),
        recurrentWeight: place("rnn.weight_hh_l\(layer)", gateSize, hiddenSize),
        inputBias: place("rnn.bias_ih_l\(layer)", gateSize),
        recurrentBias: place("rnn.bias_hh_l\(layer)", gateSize))
    }
    outputWeight =
      configuration.tiesEmbeddings
      ? Tensor(name: "lm_head.weight", shape: embedding.shape, offset: embedding.offset)
      : place("lm_head.weight", vocabularySize, hiddenSize)
    outputBias = place("lm_head.bias", vocabularySize)
  }

  /// All tensors in the order of PyTorch's `state_dict`: but for a tied `outputWeight` that of their offsets.
  public var tensors: [Tensor] {
    let recurrent = layers.flatMap {
      [$0.inputWeight, $0.recurrentWeight, $0.inputBias, $0.recurrentBias]
    }
    return [embedding] + recurrent + [outputWeight, outputBias]
  }

  /// The number of floats of all tensors, tied ones counted once.
  public var count: Int { outputBias.range.upperBound }
}
