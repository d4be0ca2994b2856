import Kernels
import ModelFiles
import RecurrentNetwork
import Storage
import Tokenization

/// Reads a model from an ONNX file: one of `ONNXExport`, or a graph of an embedding, recurrent layers
/// and a projection, as PyTorch's exporter writes it.
struct ONNXImport {
  private let file: ONNXFile

  init(_ file: ONNXFile) { self.file = file }

  /// The model of a file that `ONNXExport` has written, with the same weights to the bit; nil for
  /// other files.
  /// - Throws: `ImportError`, `TextModelError`.
  func ownModel(processor: Processor) throws -> TextModel? {
    var metadata = SafetensorsMetadata()
    for (key, text) in file.metadata where metadata[key] == nil { metadata[key] = text }
    guard metadata.describesModel else { return nil }
    let parts = try ModelMetadata(metadata, file: file.file)
    let layout = ParameterLayout(parts.network)
    // Memory is allocated for weights that the file has.
    guard layout.count <= file.floatCount else {
      throw ImportError.unsupported(file: file.file, what: "fewer weights than its layers need")
    }
    let parameters = ParameterBuffer(layout: layout)
    let order = GateOrder.onnx(parts.network.cell)
    for (number, layer) in layout.layers.enumerated() {
      for tensor in layer.tensors where file.has(tensor.name) {
        try copy(file.floats(of: tensor.name, tensor.shape), to: tensor, of: parameters)
      }
      guard parts.network.normalizationGroups == nil else { continue }
      let rows = order.count * parts.network.hiddenSize
      for (name, tensor) in [("W", layer.inputWeight), ("R", layer.recurrentWeight)] {
        let values = try file.floats(of: "rnn.\(number).\(name)", [1, rows, tensor.shape[1]])
        try copy(order.restore(values), to: tensor, of: parameters)
      }
      let biases = try file.floats(of: "rnn.\(number).B", [1, 2 * rows])
      try copy(order.restore(Array(biases[..<rows])), to: layer.inputBias, of: parameters)
      try copy(order.restore(Array(biases[rows...])), to: layer.recurrentBias, of: parameters)
    }
    let others =
      [layout.embedding, layout.outputWeight, layout.outputBias]
      + [layout.outputProjection].compactMap { $0 }
    for tensor in others where tensor != layout.outputWeight || !parts.network.tiesEmbeddings {
      try copy(file.floats(of: tensor.name, tensor.shape), to: tensor, of: parameters)
    }
    let weights = NetworkWeights(
      configuration: parts.network, parameters: parameters, processor: processor)
    return TextModel(weights: weights, tokenizer: parts.tokenizer, training: parts.training)
  }

  private func copy(
    _ values: [Float], to tensor: ParameterLayout.Tensor, of parameters: borrowing ParameterBuffer
  ) throws(ImportError) {
    guard values.count == tensor.count else {
      throw .unexpectedShape(
        file: file.file, tensor: tensor.name, expected: "\(tensor.shape)", found: [values.count])
    }
    guard values.allSatisfy(\.isFinite) else {
      throw .notFinite(file: file.file, tensor: tensor.name)
    }
    _ = parameters.values(of: tensor).update(from: values)
  }

  // MARK: Graphs of others

  /// - Throws: `ImportError`.
  func network() throws(ImportError) -> ForeignNetwork {
    let layers = file.nodes.filter { ["LSTM", "GRU", "RNN"].contains($0.type) }
    guard let first = layers.first, layers.allSatisfy({ $0.type == first.type }) else {
      throw .noRecurrentLayers(file: file.file)
    }
    for layer in layers { try check(layer) }
    let (inputSize, hiddenSize) = (try shape(first, 1)[2], try shape(first, 2)[2])
    let cell: CellKind = first.type == "LSTM" ? .lstm : first.type == "GRU" ? .gru : .rnn
    let embedding = file.nodes.first {
      $0.type == "Gather" && $0.inputs.count == 2
        && file.shape(of: $0.inputs[0]).count == 2 && file.shape(of: $0.inputs[0])[1] == inputSize
    }
    guard let embeddingName = embedding?.inputs[0] else {
      throw .tensorNotFound(file: file.file, part: "the embedding", candidates: [])
    }
    let rowCount = file.shape(of: embeddingName)[0]
    var parts = try NetworkParts(
      file: file.file, cell: cell, activation: cell == .rnn ? activation(first) : .tanh,
      order: .onnx(cell), rowCount: rowCount, embeddingSize: inputSize, hiddenSize: hiddenSize,
      layerCount: layers.count, floatCount: file.floatCount)
    parts.embedding = try file.floats(of: embeddingName)
    let rows = cell.gateCount * hiddenSize
    for (number, node) in layers.enumerated() {
      let columns = number == 0 ? inputSize : hiddenSize
      let bias = node.input(3)
      let biases = bias.isEmpty ? nil : try file.floats(of: bias, [1, 2 * rows])
      parts.add(
        input: try file.floats(of: node.input(1), [1, rows, columns]),
        recurrent: try file.floats(of: node.input(2), [1, rows, hiddenSize]),
        inputBias: biases.map { Array($0[..<rows]) },
        recurrentBias: biases.map { Array($0[rows...]) })
    }
    try readHead(rowCount, hiddenSize, into: &parts)
    return try parts.network()
  }

  private func shape(_ node: ONNXFile.Node, _ input: Int) throws(ImportError) -> [Int] {
    let name = node.input(input)
    let shape = file.shape(of: name)
    guard shape.count == 3, shape[0] == 1, shape.allSatisfy({ $0 > 0 }) else {
      throw .unexpectedShape(
        file: file.file, tensor: name, expected: "[1, gates H, inputs]", found: shape)
    }
    return shape
  }

  private func check(_ layer: ONNXFile.Node) throws(ImportError) {
    func refuse(_ what: String) -> ImportError { .unsupported(file: file.file, what: what) }
    let direction = layer.texts["direction"]?.first ?? "forward"
    guard direction == "forward" else {
      throw refuse("layers with the direction \(quoted(direction))")
    }
    guard layer.type != "GRU" || layer.integers["linear_before_reset"] == 1 else {
      throw refuse("a GRU that resets before its product (linear_before_reset is 0)")
    }
    guard layer.integers["input_forget"] ?? 0 == 0 else { throw refuse("coupled gates") }
    guard layer.input(7).isEmpty else { throw refuse("peepholes") }
    guard layer.integers["layout"] ?? 0 == 0 else { throw refuse("layers with the batch first") }
  }

  private func activation(_ layer: ONNXFile.Node) throws(ImportError) -> Activation {
    switch layer.texts["activations"]?.first ?? "Tanh" {
    case "Tanh": return .tanh
    case "Relu": return .relu
    case "Sigmoid": return .sigmoid
    case let other: throw .unsupported(file: file.file, what: "the activation \(quoted(other))")
    }
  }

  /// The last product with a constant matrix: `Gemm`, or `MatMul` and `Add`.
  private func readHead(
    _ rows: Int, _ width: Int, into parts: inout NetworkParts
  ) throws(ImportError) {
    guard
      let product = file.nodes.last(where: {
        ["Gemm", "MatMul"].contains($0.type) && $0.inputs.count > 1 && file.has($0.inputs[1])
      })
    else {
      throw .tensorNotFound(
        file: file.file, part: "the projection to the vocabulary", candidates: [])
    }
    let isTransposed = product.type == "Gemm" && product.integers["transB"] == 1
    let weight = try file.floats(
      of: product.inputs[1], isTransposed ? [rows, width] : [width, rows])
    parts.head = isTransposed ? weight : weight.transposed(columnCount: rows)
    let bias =
      product.type == "Gemm"
      ? product.inputs.dropFirst(2).first
      : file.nodes.last { node in
        node.type == "Add" && node.inputs.contains(product.outputs.first ?? "")
      }?.inputs.first { file.has($0) }
    if let bias, !bias.isEmpty { parts.headBias = try file.floats(of: bias, [rows]) }
  }
}
