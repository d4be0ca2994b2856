import Kernels
import RecurrentNetwork

/// A PyTorch module's tensors, under whatever names its author chose.
///
/// It looks for an embedding, a stack of `nn.LSTM`, `nn.GRU` or `nn.RNN`, and a linear projection
/// to the vocabulary, each with any prefix. Without an embedding, the input is one-hot.
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
      let cell = NetworkParts.cell(gateCount: recurrent[0] / recurrent[1])
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
    var parts = try NetworkParts(
      file: file, cell: cell, activation: activation, order: .pyTorch(cell), rowCount: rowCount,
      embeddingSize: input[1], hiddenSize: recurrent[1], layerCount: layerCount,
      floatCount: tensors.floatCount)
    if let embedding { parts.embedding = try tensors.floats(of: embedding, [rowCount, input[1]]) }
    for number in 0..<layerCount {
      func floats(_ part: String, _ shape: [Int]) throws(ImportError) -> [Float] {
        try tensors.floats(of: "\(layers)\(part)_l\(number)", shape)
      }
      func bias(_ part: String) throws(ImportError) -> [Float]? {
        has("\(layers)\(part)_l\(number)") ? try floats(part, [recurrent[0]]) : nil
      }
      parts.add(
        input: try floats("weight_ih", [recurrent[0], number == 0 ? input[1] : recurrent[1]]),
        recurrent: try floats("weight_hh", recurrent),
        inputBias: try bias("bias_ih"), recurrentBias: try bias("bias_hh"))
    }
    if let head {
      parts.head = try tensors.floats(of: head, [rowCount, recurrent[1]])
      let bias = String(head.dropLast("weight".count)) + "bias"
      parts.headBias = has(bias) ? try tensors.floats(of: bias, [rowCount]) : nil
    }
    return try parts.network()
  }

  private func has(_ name: String) -> Bool { tensors.names.contains(name) }

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
    func has(_ part: String) -> Bool {
      tensors.names.contains { $0.hasPrefix(layers) && $0.contains(part) }
    }
    if has("_reverse") { throw .readsBackwards(file: file) }
    if has("weight_hr_l") { throw .unsupported(file: file, what: "projected states (proj_size)") }
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
}
