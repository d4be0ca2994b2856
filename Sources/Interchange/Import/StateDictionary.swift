import Kernels
import RecurrentNetwork

/// A PyTorch module's tensors, under whatever names its author chose.
///
/// Looked for are an embedding, a stack of `nn.LSTM`, `nn.GRU` or `nn.RNN`, and a linear projection
/// to the vocabulary, each with any prefix. Without an embedding, the input is taken as one-hot.
struct StateDictionary {
  private let tensors: any ForeignTensors
  private let names: ModelImport.ModuleNames
  private let activation: Activation
  private var file: String { tensors.file }

  /// - Parameter activation: of an Elman RNN, which a file does not say.
  init(
    _ tensors: any ForeignTensors, names: ModelImport.ModuleNames, activation: Activation
  ) {
    self.tensors = tensors
    self.names = names
    self.activation = activation
  }

  /// - Throws: `ImportError`.
  func network() throws(ImportError) -> ForeignNetwork {
    let layers = try layersPrefix()
    try refuseUnsupported(layers)
    let layerCount = (0..<1_024).prefix { has("\(layers)weight_hh_l\($0)") }.count
    let recurrent = tensors.shape(of: "\(layers)weight_hh_l0")
    guard recurrent.count == 2, recurrent[1] > 0, recurrent[0].isMultiple(of: recurrent[1]),
      let cell = Self.cell(gateCount: recurrent[0] / recurrent[1])
    else {
      throw .unexpectedShape(
        file: file, tensor: "\(layers)weight_hh_l0", expected: "[H, 3 H or 4 H; H]",
        found: recurrent)
    }
    let input = tensors.shape(of: "\(layers)weight_ih_l0")
    guard input.count == 2, input[0] == recurrent[0] else {
      throw .unexpectedShape(
        file: file, tensor: "\(layers)weight_ih_l0", expected: "[\(recurrent[0]), E]",
        found: input)
    }
    let embedding = try tensor(
      named: names.embedding, endings: Self.embeddingEndings, part: "the embedding",
      isNeeded: false)
    let head = try tensor(
      named: names.head, endings: Self.headEndings, part: "the projection to the vocabulary",
      isNeeded: embedding == nil)
    guard let rowsOf = head ?? embedding, let rowCount = tensors.shape(of: rowsOf).first else {
      throw .tensorNotFound(
        file: file, part: "the projection to the vocabulary", candidates: [])
    }
    var network = NetworkConfiguration(
      cell: cell, activation: cell == .rnn ? activation : nil, vocabularySize: rowCount,
      embeddingSize: input[1], hiddenSize: recurrent[1], layerCount: layerCount,
      tiesEmbeddings: head == nil)
    var values: [String: [Float]] = [:]
    if let embedding {
      values["embedding.weight"] = try tensors.floats(of: embedding, [rowCount, input[1]])
    } else {
      values["embedding.weight"] = try oneHot(
        rowCount, width: input[1], tensor: "\(layers)weight_ih_l0")
    }
    try readLayers(layers, network, into: &values)
    try readHead(head, &network, into: &values)
    do {
      try network.validate()
    } catch {
      throw .unsupported(file: file, what: "a network of impossible sizes")
    }
    return ForeignNetwork(file: file, configuration: network, tensors: values)
  }

  private func has(_ name: String) -> Bool { tensors.names.contains(name) }

  private static func cell(gateCount: Int) -> CellKind? {
    switch gateCount {
    case 4: .lstm
    case 3: .gru
    case 1: .rnn
    default: nil
    }
  }

  // MARK: Names

  private static let embeddingEndings = [
    "embedding", "embeddings", "encoder", "emb", "embed", "wte", "embeds",
  ]
  private static let headEndings = [
    "lm_head", "decoder", "fc", "linear", "out", "output", "head", "fc_out", "proj", "h2o", "dense",
  ]

  /// What precedes `weight_hh_l0`.
  private func layersPrefix() throws(ImportError) -> String {
    let ending = "weight_hh_l0"
    if let name = names.layers {
      guard has("\(name).\(ending)") else {
        throw .tensorNotFound(file: file, part: "'\(name).\(ending)'", candidates: [])
      }
      return "\(name)."
    }
    let found = tensors.names.filter { $0 == ending || $0.hasSuffix(".\(ending)") }
    guard found.count == 1 else {
      throw .tensorNotFound(
        file: file, part: "the recurrent layers' \(ending)", candidates: found)
    }
    return String(found[0].dropLast(ending.count))
  }

  private func refuseUnsupported(_ layers: String) throws(ImportError) {
    for (part, what) in [
      ("_reverse", "layers that read a text backwards, too (bidirectional)"),
      ("weight_hr_l", "projected states (proj_size)"),
    ] where tensors.names.contains(where: { $0.hasPrefix(layers) && $0.contains(part) }) {
      throw .unsupported(file: file, what: what)
    }
  }

  /// The name of a module's weight.
  private func tensor(
    named name: String?, endings: [String], part: String, isNeeded: Bool
  ) throws(ImportError) -> String? {
    if let name {
      let full = has(name) ? name : "\(name).weight"
      guard has(full) else {
        throw .tensorNotFound(file: file, part: "'\(name)'", candidates: [])
      }
      return full
    }
    let found = tensors.names.filter { name in
      endings.contains { name == "\($0).weight" || name.hasSuffix(".\($0).weight") }
        && tensors.shape(of: name).count == 2
    }
    guard found.count == 1 || found.isEmpty && !isNeeded else {
      throw .tensorNotFound(file: file, part: part, candidates: found)
    }
    return found.first
  }

  // MARK: Tensors

  /// An embedding of one-hot vectors.
  private func oneHot(
    _ rowCount: Int, width: Int, tensor: String
  ) throws(ImportError) -> [Float] {
    guard rowCount == width, rowCount <= 1 << 13 else {
      throw .unexpectedShape(
        file: file, tensor: tensor,
        expected: "one column for each of \(rowCount) tokens, or an "
          + "embedding", found: tensors.shape(of: tensor))
    }
    var values = [Float](repeating: 0, count: rowCount * width)
    for row in 0..<rowCount { values[row * width + row] = 1 }
    return values
  }

  private func readLayers(
    _ prefix: String, _ network: NetworkConfiguration, into values: inout [String: [Float]]
  ) throws(ImportError) {
    let layout = ParameterLayout(network)
    for (number, layer) in layout.layers.enumerated() {
      for (tensor, name, isOptional) in [
        (layer.inputWeight, "weight_ih", false), (layer.recurrentWeight, "weight_hh", false),
        (layer.inputBias, "bias_ih", true), (layer.recurrentBias, "bias_hh", true),
      ] {
        let name = "\(prefix)\(name)_l\(number)"
        values[tensor.name] =
          isOptional && !has(name)
          ? Array(repeating: 0, count: tensor.count)
          : try tensors.floats(of: name, tensor.shape)
      }
    }
  }

  private func readHead(
    _ name: String?, _ network: inout NetworkConfiguration, into values: inout [String: [Float]]
  ) throws(ImportError) {
    let rowCount = network.vocabularySize
    guard let name else {
      guard network.embeddingSize == network.hiddenSize else {
        throw .tensorNotFound(
          file: file, part: "the projection to the vocabulary", candidates: [])
      }
      values["lm_head.weight"] = values["embedding.weight"]
      values["lm_head.bias"] = Array(repeating: 0, count: rowCount)
      return
    }
    let weight = try tensors.floats(of: name, [rowCount, network.hiddenSize])
    values["lm_head.weight"] = weight
    network.tiesEmbeddings = weight == values["embedding.weight"]
    let bias = String(name.dropLast("weight".count)) + "bias"
    values["lm_head.bias"] =
      has(bias)
      ? try tensors.floats(of: bias, [rowCount]) : Array(repeating: 0, count: rowCount)
  }
}
