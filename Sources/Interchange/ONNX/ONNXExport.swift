import Kernels
import ModelFiles
import RecurrentNetwork
import Storage

/// Writes a model as an ONNX file: one graph with its state as inputs and outputs.
///
/// ```swift
/// import Interchange
///
/// try ONNXExport(model).write(to: "model.onnx")
/// ```
///
/// | | name | shape |
/// |---|---|---|
/// | inputs | `input_ids` | (batch, sequence), int64 |
/// | | `h_0`; of LSTMs also `c_0` | (layers, batch, H) |
/// | outputs | `logits` | (batch, sequence, V) |
/// | | `h_n`; of LSTMs also `c_n` | (layers, batch, H) |
///
/// Batch and sequence are free. The state after a text is that before the next; a text begins with
/// zeros, and `Vocabulary.endOfText` as the first token. The layers are the operators LSTM, GRU and
/// RNN; those with normalized sums, which ONNX does not have, are a `Scan` over the steps. All
/// operators are those of opset 14, which runtimes of 2021 and later have. The metadata has the
/// JSON texts of a model file (docs/model-file.md), so that a tokenizer can be made of it.
///
/// Source: docs/Operators.md and onnx.proto of ONNX.
public struct ONNXExport {
  private let model: TextModel
  private let network: NetworkConfiguration
  private let layout: ParameterLayout

  private static let version = 7
  private static let operatorSet = 14

  /// Creates an export of `model`.
  public init(_ model: TextModel) {
    self.model = model
    network = model.weights.configuration
    layout = ParameterLayout(network)
  }

  /// - Throws: `StorageError`.
  public func write(to path: String) throws {
    let message = try message()
    try FileWriter.replace(path: path) { file in
      try message.bytes.withUnsafeBytes { try file.write($0) }
    }
  }

  /// A `ModelProto`.
  private func message() throws -> ProtocolBufferMessage {
    let texts = try model.metadataTexts()
    let metadata = texts.keys.map { key in
      ProtocolBufferMessage().string(1, key).string(2, texts[key] ?? "")
    }
    return ProtocolBufferMessage().integer(ModelField.version, Self.version)
      .string(ModelField.producerName, "charlm")
      .string(ModelField.producerVersion, CharlmVersion.current)
      .message(ModelField.graph, graph().message)
      .message(ModelField.operatorSet, ProtocolBufferMessage().integer(2, Self.operatorSet))
      .messages(ModelField.metadata, metadata)
  }

  private func floats(_ tensor: ParameterLayout.Tensor) -> [Float] {
    Array(model.weights.parameters.values(of: tensor))
  }

  // MARK: The graph

  private func graph() -> ONNXGraph {
    var graph = ONNXGraph("v")
    let (batch, sequence) = (
      ONNXGraph.Dimension.free("batch"), ONNXGraph.Dimension.free("sequence")
    )
    let stateShape: [ONNXGraph.Dimension] = [
      .fixed(network.layerCount), batch, .fixed(network.hiddenSize),
    ]
    let ids = graph.input("input_ids", .int64, [batch, sequence])
    let first = network.stateNames.map { graph.input("\($0)_0", .float, stateShape) }
    // [layer][vector], each (1, batch, H)
    let states = splitLayers(of: first, &graph)

    let embedding = graph.constant(
      layout.embedding.name, floats(layout.embedding), layout.embedding.shape)
    let steps = graph.apply("Transpose", ids, attributes: [("perm", .integers([1, 0]))])
    var values = graph.apply("Gather", embedding, steps)
    var last: [[String]] = []
    for layer in 0..<network.layerCount {
      let (output, state) =
        network.normalizationGroups == nil
        ? plainLayer(layer, values, states[layer], &graph)
        : normalizedLayer(layer, values, states[layer], &graph)
      let addsInput = network.isResidual && layer > 0
      values = addsInput ? graph.apply("Add", output, values) : output
      last.append(state)
    }
    if let projection = layout.outputProjection {
      values = product(
        values, graph.constant(projection.name, floats(projection), projection.shape), &graph)
    }
    let weight =
      network.tiesEmbeddings
      ? embedding
      : graph.constant(
        layout.outputWeight.name, floats(layout.outputWeight), layout.outputWeight.shape)
    let bias = graph.constant(
      layout.outputBias.name, floats(layout.outputBias), layout.outputBias.shape)
    let logits = graph.apply("Add", product(values, weight, &graph), bias)
    graph.output(
      "logits", graph.apply("Transpose", logits, attributes: [("perm", .integers([1, 0, 2]))]),
      .float, [batch, sequence, .fixed(network.vocabularySize)])
    for (position, name) in network.stateNames.enumerated() {
      let vectors = last.map { $0[position] }
      let joined = graph.apply("Concat", vectors, count: 1, attributes: [("axis", .integer(0))])
      graph.output("\(name)_n", joined[0], .float, stateShape)
    }
    return graph
  }

  private func splitLayers(of states: [String], _ graph: inout ONNXGraph) -> [[String]] {
    guard network.layerCount > 1 else { return [states] }
    let sizes = graph.constant("layer_sizes", Array(repeating: 1, count: network.layerCount))
    let vectors = states.map {
      graph.apply(
        "Split", [$0, sizes], count: network.layerCount, attributes: [("axis", .integer(0))])
    }
    return (0..<network.layerCount).map { layer in vectors.map { $0[layer] } }
  }

  /// `values` times the transposed matrix `weight`.
  private func product(_ values: String, _ weight: String, _ graph: inout ONNXGraph) -> String {
    let transposed = graph.apply("Transpose", weight, attributes: [("perm", .integers([1, 0]))])
    return graph.apply("MatMul", values, transposed)
  }

  /// A layer as one operator.
  /// - Returns: its output, (sequence, batch, H), and its last state.
  private func plainLayer(
    _ layer: Int, _ values: String, _ state: [String], _ graph: inout ONNXGraph
  ) -> (output: String, state: [String]) {
    let tensors = layout.layers[layer]
    let order = GateOrder.onnx(network.cell)
    let rows = order.count * network.hiddenSize
    func reordered(_ tensor: ParameterLayout.Tensor) -> [Float] { order.reorder(floats(tensor)) }
    let inputSize = tensors.inputWeight.shape[1]
    let inputs = [
      values,
      graph.constant("rnn.\(layer).W", reordered(tensors.inputWeight), [1, rows, inputSize]),
      graph.constant(
        "rnn.\(layer).R", reordered(tensors.recurrentWeight), [1, rows, network.hiddenSize]),
      graph.constant(
        "rnn.\(layer).B", reordered(tensors.inputBias) + reordered(tensors.recurrentBias),
        [1, 2 * rows]), "",
    ]
    var attributes: [(String, ONNXGraph.Attribute)] = [
      ("hidden_size", .integer(network.hiddenSize))
    ]
    let type: String
    switch network.cell {
    case .lstm, .coupledLSTM: type = "LSTM"
    case .gru:
      type = "GRU"
      attributes.append(("linear_before_reset", .integer(1)))
    case .rnn:
      type = "RNN"
      attributes.append(("activations", .strings([network.onnxActivation])))
    }
    let results = graph.apply(
      type, inputs + state, count: 1 + state.count, attributes: attributes)
    let direction = graph.constant("direction.\(layer)", [1])
    return (graph.apply("Squeeze", results[0], direction), Array(results.dropFirst()))
  }

  /// A layer with normalized sums, as a `Scan` over the steps.
  /// - Returns: its output, (sequence, batch, H), and its last state.
  private func normalizedLayer(
    _ layer: Int, _ values: String, _ state: [String], _ graph: inout ONNXGraph
  ) -> (output: String, state: [String]) {
    let tensors = layout.layers[layer]
    let weight = graph.constant(
      tensors.inputWeight.name, floats(tensors.inputWeight), tensors.inputWeight.shape)
    let sums = product(values, weight, &graph)
    let axis = graph.constant("layer_axis.\(layer)", [0])
    let initial = state.map { graph.apply("Squeeze", $0, axis) }
    let step = ONNXNormalizedStep(network, layer: layer, tensors, floats: floats, in: &graph)
    let results = graph.apply(
      "Scan", initial + [sums], count: initial.count + 1,
      attributes: [("body", .graph(step.graph)), ("num_scan_inputs", .integer(1))])
    let last = results.dropLast().map { graph.apply("Unsqueeze", $0, axis) }
    return (results[results.count - 1], last)
  }
}

/// The fields of `ModelProto`.
enum ModelField {
  static let (version, producerName, producerVersion, graph) = (1, 2, 3, 7)
  static let (operatorSet, metadata) = (8, 14)
}

extension NetworkConfiguration {
  /// The names of a layer's state vectors.
  var stateNames: [String] { cell.stateVectorCount == 2 ? ["h", "c"] : ["h"] }

  /// ONNX's name of the function of an Elman RNN.
  var onnxActivation: String {
    switch activation ?? .tanh {
    case .tanh: "Tanh"
    case .relu: "Relu"
    case .sigmoid: "Sigmoid"
    }
  }
}
