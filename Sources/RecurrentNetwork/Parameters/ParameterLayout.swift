/// The position of each tensor of a network in one array of floats.
///
/// Parameters, gradients and optimizer moments are all stored in this layout, and it is the model
/// file's table of tensors. Names and shapes are those of a PyTorch module with `embedding`
/// (`nn.Embedding`), `rnn` (`nn.LSTM`, `nn.GRU` or `nn.RNN`), `project_out` (`nn.Linear` without
/// bias, if there is one) and `lm_head` (`nn.Linear`), so such a module loads the file with
/// `strict=True`. For a network with normalization, which PyTorch does not have, `rnn` is the module
/// of docs/model-file.md.
///
/// Tied embeddings (`NetworkConfiguration.tiesEmbeddings`) are one tensor with two names, as in the
/// `state_dict` of such a module after `lm_head.weight = embedding.weight`. Both names have the
/// same range of floats, so the gradients of both uses add up there, and an optimizer has one
/// moment for both.
public struct ParameterLayout: Sendable, Equatable {
  /// A row-major tensor, `offset` floats from the beginning.
  public struct Tensor: Sendable, Equatable {
    /// The name in model files, which is PyTorch's.
    public let name: String
    /// One or two sizes.
    public let shape: [Int]
    /// The floats before it.
    public let offset: Int
    /// The number of its floats.
    public var count: Int { shape.reduce(1, *) }
    /// The positions of its floats.
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
    /// (G H), if sums are normalized
    public let inputGain: Tensor?
    /// ((G - J) H), if sums are normalized and the cell has separate gates
    public let recurrentGain: Tensor?

    /// All in the order of their offsets.
    public var tensors: [Tensor] {
      [inputWeight, recurrentWeight, inputBias, recurrentBias]
        + [inputGain, recurrentGain].compactMap { $0 }
    }
  }

  /// (V, E)
  public let embedding: Tensor
  /// The tensors of each layer, the first layer first.
  public let layers: [Layer]
  /// (E, H), if the embeddings are tied and E is not H
  public let outputProjection: Tensor?
  /// (V, H), or the (V, E) floats of `embedding` if the embeddings are tied
  public let outputWeight: Tensor
  /// (V)
  public let outputBias: Tensor

  /// - Precondition: `configuration.validate()` passes.
  public init(_ configuration: NetworkConfiguration) {
    let vocabularySize = configuration.vocabularySize
    let hiddenSize = configuration.hiddenSize
    let gateSize = configuration.gateSize
    var end = 0
    func reserve(_ name: String, _ shape: Int...) -> Tensor {
      let tensor = Tensor(name: name, shape: shape, offset: end)
      end += tensor.count
      return tensor
    }
    embedding = reserve("embedding.weight", vocabularySize, configuration.embeddingSize)
    let separateSize = configuration.recurrentCell.separateGateCount * hiddenSize
    let isNormalized = configuration.normalizationGroups != nil
    layers = (0..<configuration.layerCount).map { layer in
      Layer(
        inputWeight: reserve(
          "rnn.weight_ih_l\(layer)", gateSize, configuration.inputSize(layer: layer)),
        recurrentWeight: reserve("rnn.weight_hh_l\(layer)", gateSize, hiddenSize),
        inputBias: reserve("rnn.bias_ih_l\(layer)", gateSize),
        recurrentBias: reserve("rnn.bias_hh_l\(layer)", gateSize),
        inputGain: isNormalized ? reserve("rnn.gain_ih_l\(layer)", gateSize) : nil,
        recurrentGain: isNormalized && separateSize > 0
          ? reserve("rnn.gain_hh_l\(layer)", separateSize) : nil)
    }
    outputProjection =
      configuration.projectsOutput
      ? reserve("project_out.weight", configuration.embeddingSize, hiddenSize) : nil
    outputWeight =
      configuration.tiesEmbeddings
      ? Tensor(name: "lm_head.weight", shape: embedding.shape, offset: embedding.offset)
      : reserve("lm_head.weight", vocabularySize, hiddenSize)
    outputBias = reserve("lm_head.bias", vocabularySize)
  }

  /// All tensors in the order of PyTorch's `state_dict`, which is that of their offsets except for
  /// a tied `outputWeight`.
  public var tensors: [Tensor] {
    [embedding] + layers.flatMap(\.tensors) + [outputProjection].compactMap { $0 }
      + [outputWeight, outputBias]
  }

  /// The first tensor after those of the recurrent layers.
  var firstOutputTensor: Tensor {
    outputProjection ?? (outputWeight.offset > 0 ? outputWeight : outputBias)
  }

  /// The number of floats of all tensors, tied ones counted once.
  public var count: Int { outputBias.range.upperBound }
}
