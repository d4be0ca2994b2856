import Foundation
import Kernels
import ModelFiles
import RecurrentNetwork

/// A small network, a window and a nonzero state, with the results that PyTorch computed from them
/// in double precision. `scripts/make-reference-fixtures.py` made the files and documents their
/// contents.
package struct ReferenceNetwork {
  package private(set) var configuration: NetworkConfiguration
  package let layout: ParameterLayout
  package let batchSize: Int
  package let stepCount: Int
  /// [B T + 1]: lane b reads T tokens from position b T and predicts the token after each.
  package let text: [UInt16]
  /// In the order of the layout.
  package let parameters: [Float]
  /// [B]
  package let initialStates: [RecurrentState]
  /// PyTorch's results of the window.
  package let expected: WindowResult
  /// The version of PyTorch.
  package let torchVersion: String
  /// The optimizers that PyTorch trained the network with; their settings are named as in a model
  /// file.
  package let optimizers: [String: [String: Any]]
  private let archive: SafetensorsArchive

  /// Every cell of PyTorch, the normalized ones and the coupled LSTM, with one, two and three
  /// layers, and residual networks of two and three.
  package static let names = [
    "lstm", "gru", "rnn-tanh", "rnn-relu", "lstm-normalized", "gru-normalized", "rnn-normalized",
    "coupled-lstm", "lstm-residual", "gru-normalized-residual",
  ].flatMap { cell in depths(of: cell).map { "\(cell)-\($0)-layers" } }

  /// The numbers of layers with which there is a file.
  package static func depths(of cell: String) -> ClosedRange<Int> {
    cell.hasSuffix("-residual") ? 2...3 : 1...3
  }

  package init(_ name: String) throws {
    let path = Bundle.module.path(forResource: "Fixtures/\(name)", ofType: "safetensors")
    let archive = try SafetensorsArchive(
      path: path ?? "\(name).safetensors", verification: .none)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let network = try decoder.decode(
      NetworkConfiguration.self, from: Data(archive.metadata(for: "network").utf8))
    let window = try JSONDecoder().decode(
      [String: Int].self, from: Data(archive.metadata(for: "window").utf8))
    let (batchSize, stepCount) = (window["batch_size"]!, window["window_length"]!)
    let layout = ParameterLayout(network)

    self.archive = archive
    configuration = network
    self.layout = layout
    self.batchSize = batchSize
    self.stepCount = stepCount
    torchVersion = try archive.metadata(for: "torch")
    optimizers =
      try JSONSerialization.jsonObject(with: Data(archive.metadata(for: "optimizers").utf8))
      as! [String: [String: Any]]
    text = try archive.elements(of: "tokens", .uint16, shape: [batchSize * stepCount + 1])
    parameters = try layout.tensors.flatMap { try archive.floats(of: $0.name, shape: $0.shape) }
    let initial: [[Float]] = try Self.states("initial", .float32, archive, network, batchSize)
    initialStates = initial.map { values in
      var state = RecurrentState(network)
      state.values = values
      return state
    }
    let final: [[Double]] = try Self.states("final", .float64, archive, network, batchSize)
    expected = try WindowResult(
      logits: archive.elements(
        of: "logits", .float64, shape: [stepCount, batchSize, network.vocabularySize]),
      natsPerToken: archive.elements(of: "nats", .float64, shape: [])[0],
      finalState: Array(final.joined()),
      gradients: layout.tensors.flatMap {
        try archive.elements(of: "gradient.\($0.name)", .float64, shape: $0.shape)
      })
  }

  /// From PyTorch's h and c, each [layers, B, H], to [B][layers x state vectors x H].
  private static func states<Element: BitwiseCopyable>(
    _ name: String, _ elementType: TensorElementType,
    _ archive: SafetensorsArchive, _ configuration: NetworkConfiguration, _ batchSize: Int
  ) throws -> [[Element]] {
    let shape = [configuration.layerCount, batchSize, configuration.hiddenSize]
    let names = ["h", "c"].prefix(configuration.cell.stateVectorCount)
    let vectors: [[Element]] = try names.map {
      try archive.elements(of: "\(name).\($0)", elementType, shape: shape)
    }
    return (0..<batchSize).map { lane in
      var state: [Element] = []
      for layer in 0..<shape[0] {
        let start = (layer * batchSize + lane) * shape[2]
        for vector in vectors { state += vector[start..<start + shape[2]] }
      }
      return state
    }
  }

  /// The parameters after five steps of an optimizer, rounded to float32, by the names of their
  /// tensors.
  package func parameters(after optimizer: String) throws -> [(name: String, values: [Float])] {
    try layout.tensors.map {
      ($0.name, try archive.floats(of: "\(optimizer)/\($0.name)", shape: $0.shape))
    }
  }

  package var parameterBuffer: ParameterBuffer {
    let buffer = ParameterBuffer(layout: layout)
    buffer.start.update(from: parameters, count: parameters.count)
    return buffer
  }

  /// The same numbers in a network whose cell has another activation with the same number of gates;
  /// `expected` no longer applies.
  package func applying(_ activation: Activation) -> ReferenceNetwork {
    var other = self
    other.configuration.activation = activation
    return other
  }
}
