import Kernels
import RecurrentNetwork

/// The weights of a Keras 3 model by their paths, such as `lstm_1/lstm_cell/recurrent_kernel`.
///
/// It looks for an embedding, a stack of `LSTM`, `GRU` or `SimpleRNN`, and a dense projection to the
/// vocabulary. Without an embedding, the input is one-hot. Layers that Keras has named follow each
/// other as their numbers do.
struct KerasWeights {
  private let tensors: any ForeignTensors
  private let names: ModelImport.ModuleNames
  private let activation: Activation
  private var file: String { tensors.file }

  /// - Parameter activation: of a `SimpleRNN`, which a file does not say.
  init(_ tensors: any ForeignTensors, names: ModelImport.ModuleNames, activation: Activation) {
    self.tensors = tensors
    self.names = names
    self.activation = activation
  }

  /// Whether the tensors are those of Keras.
  static func areLikely(_ tensors: any ForeignTensors) -> Bool {
    tensors.names.contains { $0.split(separator: "/").last == "recurrent_kernel" }
  }

  /// - Throws: `ImportError`.
  func network() throws(ImportError) -> ForeignNetwork {
    let layers = try orderedLayers()
    let recurrent = tensors.shape(of: "\(layers[0])recurrent_kernel")
    guard recurrent.count == 2, recurrent[0] > 0, recurrent[1].isMultiple(of: recurrent[0]),
      let cell = NetworkParts.cell(gateCount: recurrent[1] / recurrent[0])
    else {
      throw .unexpectedShape(
        file: file, tensor: "\(layers[0])recurrent_kernel", expected: "[H; H, 3 H or 4 H]",
        found: recurrent)
    }
    let (hiddenSize, gateSize) = (recurrent[0], recurrent[1])
    let input = tensors.shape(of: "\(layers[0])kernel")
    guard input.count == 2, input[1] == gateSize else {
      throw .unexpectedShape(
        file: file, tensor: "\(layers[0])kernel", expected: "[E, \(gateSize)]", found: input)
    }
    let head = try name(of: names.head, "kernel", part: "the projection to the vocabulary") {
      !layers.contains(String($0.dropLast("kernel".count)))
    }
    let embedding = try name(of: names.embedding, "embeddings", part: "the embedding") { _ in true }
    guard let head, let rowCount = tensors.shape(of: head).last else {
      throw .tensorNotFound(file: file, part: "the projection to the vocabulary", candidates: [])
    }
    var parts = try NetworkParts(
      file: file, cell: cell, activation: activation, order: .keras(cell), rowCount: rowCount,
      embeddingSize: input[0], hiddenSize: hiddenSize, layerCount: layers.count,
      floatCount: tensors.floatCount)
    if let embedding { parts.embedding = try tensors.floats(of: embedding, [rowCount, input[0]]) }
    for (number, layer) in layers.enumerated() {
      let bias = try biases("\(layer)bias", cell, gateSize)
      parts.add(
        input: try transposed("\(layer)kernel", [number == 0 ? input[0] : hiddenSize, gateSize]),
        recurrent: try transposed("\(layer)recurrent_kernel", recurrent),
        inputBias: bias?.input, recurrentBias: bias?.recurrent)
    }
    parts.head = try transposed(head, [hiddenSize, rowCount])
    let bias = "\(head.dropLast("kernel".count))bias"
    parts.headBias = tensors.names.contains(bias) ? try tensors.floats(of: bias, [rowCount]) : nil
    return try parts.network()
  }

  // MARK: Names

  /// The paths of the layers' weights without their last part, in the order of the layers.
  private func orderedLayers() throws(ImportError) -> [String] {
    let ending: Substring = "recurrent_kernel"
    let found = tensors.names.filter { path in
      path.split(separator: "/").last == ending
        && (names.layers.map { name in path.split(separator: "/").contains { $0 == name } } ?? true)
    }
    guard !found.isEmpty else {
      throw .tensorNotFound(
        file: file, part: "the recurrent layers' \(ending)", candidates: [])
    }
    if found.contains(where: { $0.contains("backward") || $0.contains("bidirectional") }) {
      throw .readsBackwards(file: file)
    }
    let numbered = found.map { path in
      let names = path.split(separator: "/")
      let name = names.count > 2 ? names[names.count - 3] : names[0]
      let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()
      // lstm_1 is the second of those named lstm.
      let base = name.dropLast(digits.isEmpty ? 0 : digits.count + 1)
      return (
        number: Int(String(digits)) ?? 0, base: base, path: String(path.dropLast(ending.count))
      )
    }
    let ordered = numbered.sorted { $0.number < $1.number }
    let isInOrder = zip(ordered, ordered.dropFirst()).allSatisfy {
      $0.number < $1.number && $0.base == $1.base
    }
    guard isInOrder else {
      throw .unsupported(
        file: file,
        what: "recurrent layers whose order is unknown (Keras calls them lstm, lstm_1)")
    }
    return ordered.map(\.path)
  }

  /// The only path that ends in a word.
  private func name(
    of module: String?, _ ending: Substring, part: String, where isPossible: (String) -> Bool
  ) throws(ImportError) -> String? {
    let found = tensors.names.filter { path in
      let parts = path.split(separator: "/")
      let isOfModule = module.map { parts.contains(Substring($0)) } ?? true
      return parts.last == ending && isOfModule && isPossible(path)
    }
    guard found.count < 2, module == nil || found.count == 1 else {
      throw .tensorNotFound(
        file: file, part: module.map { "'\($0)'" } ?? part, candidates: found)
    }
    return found.first
  }

  // MARK: Tensors

  /// The rows of a matrix (in, out) as (out, in).
  private func transposed(_ name: String, _ shape: [Int]) throws(ImportError) -> [Float] {
    try tensors.floats(of: name, shape).transposed(columnCount: shape[1])
  }

  /// One bias of an LSTM or a simple RNN; two of a GRU, in the rows of one matrix.
  private func biases(
    _ name: String, _ cell: CellKind, _ gateSize: Int
  ) throws(ImportError) -> (input: [Float], recurrent: [Float]?)? {
    guard tensors.names.contains(name) else { return nil }
    guard cell == .gru else { return (try tensors.floats(of: name, [gateSize]), nil) }
    guard tensors.shape(of: name) != [gateSize] else {
      throw .unsupported(
        file: file, what: "a GRU that resets before its product (reset_after is False)")
    }
    let values = try tensors.floats(of: name, [2, gateSize])
    return (Array(values[..<gateSize]), Array(values[gateSize...]))
  }
}
