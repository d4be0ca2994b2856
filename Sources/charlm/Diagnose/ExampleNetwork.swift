import RecurrentNetwork

/// The network of `charlm diagnose example`: two inputs, two units, three tokens.
struct ExampleNetwork {
  /// The tensors by the names of the equations, row by row.
  private(set) var tensors: [(name: String, values: [Float])]
  let configuration: NetworkConfiguration

  /// The token that is read, and the tokens of the vocabulary.
  static let (token, vocabularySize): (UInt16, Int) = (0, 3)
  /// The right next token unless another is given.
  static let target = 2
  private static let size = 2

  /// The default numbers, in the blocks i, f, g, o.
  private static let inputBlocks: [[Float]] = [
    [0.2, -0.1, 0.4, 0.3], [-0.3, 0.5, 0.1, -0.2], [0.6, -0.4, -0.5, 0.2], [0.3, 0.1, -0.1, 0.4],
  ]
  private static let recurrentBlocks: [[Float]] = [
    [0.1, 0.2, -0.2, 0.3], [0.3, -0.1, 0.2, 0.1], [-0.4, 0.5, 0.3, -0.3], [0.2, -0.2, 0.1, 0.4],
  ]
  private static let biasBlocks: [[Float]] = [[0, 0], [1, 1], [0.1, -0.1], [0, 0]]

  /// h', and for an LSTM c'.
  static func previous(_ cell: CellKind) -> [Float] {
    cell.stateVectorCount > 1 ? [0.1, -0.2, 0.3, -0.4] : [0.1, -0.2]
  }

  /// The default numbers: a coupled LSTM has the blocks f, g, o, a GRU i, f, g as r, z, n, a simple
  /// RNN g.
  init(_ cell: CellKind) {
    configuration = NetworkConfiguration(
      cell: cell, vocabularySize: Self.vocabularySize, embeddingSize: Self.size,
      hiddenSize: Self.size, layerCount: 1)
    let blocks =
      switch cell {
      case .lstm: 0..<4
      case .coupledLSTM: 1..<4
      case .gru: 0..<3
      case .rnn: 2..<3
      }
    func joined(_ values: [[Float]]) -> [Float] { Array(values[blocks].joined()) }
    tensors = [
      ("embedding", [0.5, -0.3, 0.1, 0.4, -0.2, 0.6]),
      ("W_ih", joined(Self.inputBlocks)), ("W_hh", joined(Self.recurrentBlocks)),
      ("b_ih", joined(Self.biasBlocks)), ("b_hh", joined(Self.biasBlocks).map { _ in 0 }),
      ("W_out", [0.5, -0.2, -0.3, 0.4, 0.2, 0.6]), ("b_out", [0.1, 0, -0.1]),
    ]
  }

  /// Replaces a tensor.
  /// - Throws: `UsageError.noSuchTensor` or `.wrongNumberCount`.
  mutating func set(_ name: String, to values: [Float]) throws {
    guard let position = tensors.firstIndex(where: { $0.name == name }) else {
      throw UsageError.noSuchTensor(name: name, names: tensors.map(\.name))
    }
    guard values.count == tensors[position].values.count else {
      throw UsageError.wrongNumberCount(
        name: "--weights \(name)", expected: tensors[position].values.count, found: values.count)
    }
    tensors[position].values = values
  }

  /// Replaces the embedding of the token that is read.
  /// - Throws: `UsageError.wrongNumberCount`.
  mutating func setInput(_ values: [Float]) throws {
    guard values.count == Self.size else {
      throw UsageError.wrongNumberCount(
        name: "--input", expected: Self.size, found: values.count)
    }
    tensors[0].values.replaceSubrange(0..<Self.size, with: values)
  }

  var parameters: ParameterBuffer {
    let buffer = ParameterBuffer(layout: ParameterLayout(configuration))
    for (tensor, values) in zip(buffer.layout.tensors, tensors) {
      _ = buffer.values(of: tensor).update(fromContentsOf: values.values)
    }
    return buffer
  }
}
