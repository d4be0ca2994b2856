import ModelFiles
import RecurrentNetwork

/// Reads checkpoints of char-rnn (Karpathy 2015) and torch-rnn (Johnson 2016).
///
/// char-rnn: the table has `protos.rnn`, a graph whose linear modules are named `i2h_1`, `h2h_1`, ...
/// and `decoder`, one-hot input, and `vocab`, from character to row. torch-rnn: `model.net` is a
/// sequence of an embedding, recurrent modules and a linear one, and `model.idx_to_token` has the
/// characters. Both have the gates of an LSTM in the order i, f, o, g.
struct Torch7Import {
  private let torch: Torch7File
  private var file: String { torch.file }

  init(_ torch: Torch7File) { self.torch = torch }

  /// The network, and its vocabulary if the file has one.
  /// - Throws: `ImportError`.
  func network() throws(ImportError) -> (ForeignNetwork, ForeignVocabulary?) {
    if let model = torch.member("model", of: torch.root),
      let net = torch.member("net", of: model)
    {
      return (try torchRNN(net), try vocabulary(torch.member("idx_to_token", of: model)))
    }
    if let protos = torch.member("protos", of: torch.root),
      let graph = torch.member("rnn", of: protos)
    {
      return (try charRNN(graph), try vocabulary(torch.member("vocab", of: torch.root)))
    }
    throw .unsupported(file: file, what: "neither the parts of char-rnn nor those of torch-rnn")
  }

  /// A table from row to character or the other way round.
  private func vocabulary(_ table: Torch7File.Value?) throws(ImportError) -> ForeignVocabulary? {
    guard let table else { return nil }
    let members: [(key: String, value: JSONValue)] = torch.entries(of: table).compactMap { entry in
      switch (entry.key, entry.value) {
      case (.text(let text), .number(let row)): (text, .integer(Int(exactly: row) ?? -1))
      case (.number(let row), .text(let text)): ("\(Int(exactly: row) ?? -1)", .string(text))
      default: nil
      }
    }
    return try ForeignVocabulary(json: .object(members), file: file)
  }

  // MARK: torch-rnn

  private func torchRNN(_ net: Torch7File.Value) throws(ImportError) -> ForeignNetwork {
    guard let list = torch.member("modules", of: net) else {
      throw .tensorNotFound(file: file, part: "the modules of the network", candidates: [])
    }
    let modules = torch.list(list)
    var (embedding, head): (Torch7File.Value?, Torch7File.Value?)
    var layers: [(cell: CellKind, module: Torch7File.Value)] = []
    for module in modules {
      switch torch.className(of: module) {
      case "nn.LookupTable": embedding = module
      case "nn.LSTM": layers.append((.lstm, module))
      case "nn.VanillaRNN": layers.append((.rnn, module))
      case "nn.Linear": head = module
      case "nn.View", "nn.Dropout", "nn.Reshape", "nn.Identity": break
      case let name:
        throw .unsupported(file: file, what: "a module \(quoted(name ?? "without a class"))")
      }
    }
    guard let embedding, let head, let cell = layers.first?.cell,
      layers.allSatisfy({ $0.cell == cell }),
      let table = torch.sizes(of: torch.member("weight", of: embedding)), table.count == 2
    else {
      throw .tensorNotFound(
        file: file, part: "an embedding, recurrent layers of one kind and a projection",
        candidates: [])
    }
    let firstBias = torch.sizes(of: torch.member("bias", of: layers[0].module))
    var parts = try NetworkParts(
      file: file, cell: cell, order: .torch7(cell), rowCount: table[0], embeddingSize: table[1],
      hiddenSize: (firstBias?.first ?? 0) / cell.gateCount, layerCount: layers.count,
      floatCount: torch.floatCount)
    parts.embedding = try floats("weight", of: embedding, named: "embedding")
    for (number, layer) in layers.enumerated() {
      let (weight, bias) = (
        torch.member("weight", of: layer.module), torch.member("bias", of: layer.module)
      )
      guard let sizes = torch.sizes(of: weight), sizes.count == 2,
        let rows = torch.sizes(of: bias)?.first
      else {
        throw .tensorNotFound(file: file, part: "the weights of layer \(number)", candidates: [])
      }
      let size = rows / cell.gateCount
      let inputSize = number == 0 ? table[1] : size
      guard sizes == [inputSize + size, rows], rows == cell.gateCount * size, size > 0 else {
        throw .unexpectedShape(
          file: file, tensor: "layer \(number)", expected: "[inputs + H, gates H]", found: sizes)
      }
      // A row for each number of the input, then one for each of the state.
      let values = try torch.floats(of: weight, named: "layer \(number)")
      parts.add(
        input: values[..<(inputSize * rows)].transposed(columnCount: rows),
        recurrent: values[(inputSize * rows)...].transposed(columnCount: rows),
        inputBias: try torch.floats(of: bias, named: "layer \(number)"), recurrentBias: nil)
    }
    try readHead(head, into: &parts)
    return try parts.network()
  }

  private func readHead(
    _ module: Torch7File.Value, into parts: inout NetworkParts
  ) throws(ImportError) {
    parts.head = try floats("weight", of: module, named: "the projection")
    parts.headBias = try floats("bias", of: module, named: "the projection")
  }

  private func floats(
    _ member: String, of module: Torch7File.Value?, named name: String
  ) throws(ImportError) -> [Float] {
    try torch.floats(of: module.flatMap { torch.member(member, of: $0) }, named: name)
  }

  // MARK: char-rnn

  private func charRNN(_ graph: Torch7File.Value) throws(ImportError) -> ForeignNetwork {
    let modules = namedModules(in: graph)
    guard let decoder = modules["decoder"], modules["i2h_1"] != nil else {
      throw .unsupported(
        file: file, what: "a graph without modules named i2h_1, h2h_1 and decoder, such as a GRU's")
    }
    guard let sizes = torch.sizes(of: torch.member("weight", of: decoder)), sizes.count == 2 else {
      throw .tensorNotFound(file: file, part: "the weights of the decoder", candidates: [])
    }
    let layers = (1...1_024).lazy.map { (modules["i2h_\($0)"], modules["h2h_\($0)"]) }
      .prefix { $0.0 != nil && $0.1 != nil }
    var parts = try NetworkParts(
      file: file, cell: .lstm, order: .torch7(.lstm), rowCount: sizes[0], embeddingSize: sizes[0],
      hiddenSize: sizes[1], layerCount: layers.count, floatCount: torch.floatCount)
    for (number, (input, recurrent)) in layers.enumerated() {
      let name = "layer \(number + 1)"
      parts.add(
        input: try floats("weight", of: input, named: name),
        recurrent: try floats("weight", of: recurrent, named: name),
        inputBias: try floats("bias", of: input, named: name),
        recurrentBias: try floats("bias", of: recurrent, named: name))
    }
    try readHead(decoder, into: &parts)
    return try parts.network()
  }

  /// The modules of a graph by the names that they are annotated with.
  private func namedModules(in graph: Torch7File.Value) -> [String: Torch7File.Value] {
    var modules: [String: Torch7File.Value] = [:]
    var visited = Set<Int>()
    var open = [graph]
    while let value = open.popLast() {
      guard case .object(let index) = value, visited.insert(index).inserted else { continue }
      if let annotations = torch.member("annotations", of: value),
        case .text(let name)? = torch.member("name", of: annotations),
        let module = torch.member("module", of: value), modules[name] == nil
      {
        modules[name] = module
      }
      open += torch.entries(of: value).map(\.value)
    }
    return modules
  }
}
