import Kernels
import RecurrentNetwork

/// The tensors of another tool's network while they are collected.
///
/// Matrices have a row for each output, gate after gate in the tool's order.
struct NetworkParts {
  private let file: String
  private let order: GateOrder
  private let configuration: NetworkConfiguration
  /// (V, E); nil if the input is one-hot, so that E is V.
  var embedding: [Float]?
  /// (V, H); nil if the embeddings are tied.
  var head: [Float]?
  /// (V); nil for zeros.
  var headBias: [Float]?
  private var layers: [[[Float]?]] = []

  /// - Parameters:
  ///   - activation: of an Elman RNN.
  ///   - floatCount: of all tensors in the file. If the layers need more, they share some, and a
  ///     small file could ask for much memory.
  /// - Throws: `ImportError.unsupported` for sizes that no network, or none in this file, can have.
  init(
    file: String, cell: CellKind, activation: Activation = .tanh, order: GateOrder, rowCount: Int,
    embeddingSize: Int, hiddenSize: Int, layerCount: Int, floatCount: Int
  ) throws(ImportError) {
    self.file = file
    self.order = order
    configuration = NetworkConfiguration(
      cell: cell, activation: cell == .rnn ? activation : nil, vocabularySize: rowCount,
      embeddingSize: embeddingSize, hiddenSize: hiddenSize, layerCount: layerCount)
    do {
      try configuration.validate()
    } catch {
      throw .unsupported(file: file, what: "a network of impossible sizes")
    }
    let needed = ParameterLayout(configuration).layers.reduce(0) {
      $0 + $1.inputWeight.count + $1.recurrentWeight.count
    }
    guard needed <= floatCount else {
      throw .unsupported(file: file, what: "fewer weights than its layers need")
    }
  }

  /// The cell whose weights have so many blocks of rows.
  static func cell(gateCount: Int) -> CellKind? {
    switch gateCount {
    case 4: .lstm
    case 3: .gru
    case 1: .rnn
    default: nil
    }
  }

  /// Adds the next layer: (G H, inputs), (G H, H), and (G H) or nil for zeros.
  mutating func add(
    input: [Float], recurrent: [Float], inputBias: [Float]?, recurrentBias: [Float]?
  ) {
    layers.append([input, recurrent, inputBias, recurrentBias])
  }

  /// - Throws: `ImportError.unexpectedShape`, `.tensorNotFound`.
  func network() throws(ImportError) -> ForeignNetwork {
    var network = configuration
    guard embedding != nil || network.embeddingSize == network.vocabularySize else {
      let (inputs, tokens) = (network.embeddingSize, network.vocabularySize)
      throw .tensorNotFound(
        file: file,
        part: "the embedding (\(inputs) inputs are not one for each of \(tokens) tokens)",
        candidates: [])
    }
    guard head != nil || embedding != nil && network.embeddingSize == network.hiddenSize else {
      throw .tensorNotFound(file: file, part: "the projection to the vocabulary", candidates: [])
    }
    network.tiesEmbeddings =
      head == nil || network.embeddingSize == network.hiddenSize && head == embedding
    let layout = ParameterLayout(network)
    var values = [
      layout.outputWeight.name: head ?? embedding ?? [],
      layout.outputBias.name: headBias ?? zeros(layout.outputBias),
    ]
    values[layout.embedding.name] = embedding
    for (own, layer) in zip(layers, layout.layers) {
      for (part, tensor) in zip(own, layer.tensors) {
        guard let part else {
          values[tensor.name] = zeros(tensor)
          continue
        }
        guard part.count == tensor.count else {
          throw .unexpectedShape(
            file: file, tensor: tensor.name, expected: "\(tensor.shape)", found: [part.count])
        }
        values[tensor.name] = order.restore(part)
      }
    }
    return ForeignNetwork(file: file, configuration: network, tensors: values)
  }

  private func zeros(_ tensor: ParameterLayout.Tensor) -> [Float] {
    Array(repeating: 0, count: tensor.count)
  }
}
