import RecurrentNetwork

/// A time step of a layer with normalized sums as a graph of ONNX: from the state and the sums
/// W_ih x to the next state and h (`NetworkConfiguration`).
struct ONNXNormalizedStep {
  private let network: NetworkConfiguration
  private let layer: Int
  // Names of constants in the graph around it.
  /// W_hh, transposed.
  private let recurrent: String
  private let fused: Normalization
  /// Of the input sums and of the recurrent sums of separate gates.
  private let separate: (input: Normalization, recurrent: Normalization, split: String)?
  private let gateSizes: String

  /// Constants of one normalization.
  private struct Normalization {
    let gain, bias: String
    /// The shapes of a row of sums, in groups and as one.
    let grouped, flat: String
    let epsilon: String
  }

  /// - Parameters:
  ///   - floats: the elements of a tensor.
  ///   - graph: the graph around it, which gets the constants.
  init(
    _ network: NetworkConfiguration, layer: Int, _ tensors: ParameterLayout.Layer,
    floats: (ParameterLayout.Tensor) -> [Float], in graph: inout ONNXGraph
  ) {
    self.network = network
    self.layer = layer
    let size = network.hiddenSize
    let groups = network.normalizationGroups ?? 1
    let separateCount = tensors.recurrentGain.map { $0.count / size } ?? 0
    let fusedCount = network.cell.gateCount - separateCount
    let (fusedRows, rows) = (fusedCount * size, network.cell.gateCount * size)
    recurrent = graph.apply(
      "Transpose",
      graph.constant(
        tensors.recurrentWeight.name, floats(tensors.recurrentWeight),
        tensors.recurrentWeight.shape),
      attributes: [("perm", .integers([1, 0]))])
    let epsilon = graph.constant("epsilon.\(layer)", [1e-5], [1])
    func constant(_ tensor: ParameterLayout.Tensor, _ graph: inout ONNXGraph) -> String {
      graph.constant(tensor.name, floats(tensor), tensor.shape)
    }
    func normalization(
      _ name: String, gain: String, bias: String, gates: Int, _ graph: inout ONNXGraph
    ) -> Normalization {
      Normalization(
        gain: gain, bias: bias,
        // 0: the size of the batch
        grouped: graph.constant("\(name)_groups.\(layer)", [0, gates * groups, size / groups]),
        flat: graph.constant("\(name)_row.\(layer)", [0, gates * size]), epsilon: epsilon)
    }
    guard let inputGain = tensors.inputGain else { preconditionFailure("the layer has no gains") }
    gateSizes =
      fusedCount > 1
      ? graph.constant("gate_sizes.\(layer)", Array(repeating: size, count: fusedCount)) : ""
    // Gains and biases of all gates; of a GRU, those of fused and of separate gates.
    var parts = [inputGain, tensors.inputBias, tensors.recurrentBias].map {
      [constant($0, &graph)]
    }
    let split =
      separateCount > 0
      ? graph.constant("separate_sizes.\(layer)", [fusedRows, rows - fusedRows]) : ""
    if separateCount > 0 {
      parts = parts.map {
        graph.apply("Split", [$0[0], split], count: 2, attributes: [("axis", .integer(0))])
      }
    }
    fused = normalization(
      "fused", gain: parts[0][0], bias: graph.apply("Add", parts[1][0], parts[2][0]),
      gates: fusedCount, &graph)
    if let recurrentGain = tensors.recurrentGain {
      let input = normalization(
        "input", gain: parts[0][1], bias: parts[1][1], gates: separateCount, &graph)
      let recurrent = normalization(
        "recurrent", gain: constant(recurrentGain, &graph), bias: parts[2][1],
        gates: separateCount, &graph)
      separate = (input, recurrent, split)
    } else {
      separate = nil
    }
  }

  var graph: ONNXGraph {
    let vector: [ONNXGraph.Dimension] = [.free("batch"), .fixed(network.hiddenSize)]
    var graph = ONNXGraph("l\(layer)_")
    let names = network.stateNames
    let state = names.map { graph.input("l\(layer)_\($0)", .float, vector) }
    let inputs = graph.input(
      "l\(layer)_sums", .float,
      [.free("batch"), .fixed(network.cell.gateCount * network.hiddenSize)])
    let next = step(inputs, graph.apply("MatMul", state[0], recurrent), state, &graph)
    for (name, value) in zip(names, next) {
      graph.output("l\(layer)_\(name)_next", value, .float, vector)
    }
    graph.output("l\(layer)_output", next[0], .float, vector)
    return graph
  }

  /// - Parameter sums: W_hh h.
  private func step(
    _ inputs: String, _ sums: String, _ state: [String], _ graph: inout ONNXGraph
  ) -> [String] {
    switch network.cell {
    case .lstm:
      let gates = fusedGates(inputs, sums, &graph)
      return lstm(
        input: graph.apply("Sigmoid", gates[0]), forget: gates[1], new: gates[2],
        output: gates[3], state[1], &graph)
    case .coupledLSTM:
      let gates = fusedGates(inputs, sums, &graph)
      return lstm(
        input: graph.apply("Sigmoid", graph.apply("Neg", gates[0])), forget: gates[0],
        new: gates[1], output: gates[2], state[1], &graph)
    case .gru:
      return gru(inputs, sums, state[0], &graph)
    case .rnn:
      return [graph.apply(network.onnxActivation, fusedGates(inputs, sums, &graph)[0])]
    }
  }

  private func fusedGates(
    _ inputs: String, _ sums: String, _ graph: inout ONNXGraph
  ) -> [String] {
    split(normalize(graph.apply("Add", inputs, sums), fused, &graph), &graph)
  }

  private func split(_ gates: String, _ graph: inout ONNXGraph) -> [String] {
    let count = network.cell == .gru ? 2 : network.cell.gateCount
    guard count > 1 else { return [gates] }
    return graph.apply(
      "Split", [gates, gateSizes], count: count, attributes: [("axis", .integer(1))])
  }

  private func lstm(
    input: String, forget: String, new: String, output: String, _ cell: String,
    _ graph: inout ONNXGraph
  ) -> [String] {
    let kept = graph.apply("Mul", graph.apply("Sigmoid", forget), cell)
    let added = graph.apply("Mul", input, graph.apply("Tanh", new))
    let next = graph.apply("Add", kept, added)
    let hidden = graph.apply("Mul", graph.apply("Sigmoid", output), graph.apply("Tanh", next))
    return [hidden, next]
  }

  private func gru(
    _ inputs: String, _ sums: String, _ hidden: String, _ graph: inout ONNXGraph
  ) -> [String] {
    guard let separate else { preconditionFailure("a GRU has a separate gate") }
    func parts(_ values: String, _ graph: inout ONNXGraph) -> [String] {
      graph.apply(
        "Split", [values, separate.split], count: 2, attributes: [("axis", .integer(1))])
    }
    let (input, recurrent) = (parts(inputs, &graph), parts(sums, &graph))
    let fusedSums = graph.apply("Add", input[0], recurrent[0])
    let gates = split(normalize(fusedSums, fused, &graph), &graph)
    let ownState = normalize(recurrent[1], separate.recurrent, &graph)
    let reset = graph.apply("Mul", graph.apply("Sigmoid", gates[0]), ownState)
    let ownInput = normalize(input[1], separate.input, &graph)
    let new = graph.apply("Tanh", graph.apply("Add", ownInput, reset))
    // (1 - z) n + z h
    let difference = graph.apply("Sub", hidden, new)
    let kept = graph.apply("Mul", graph.apply("Sigmoid", gates[1]), difference)
    return [graph.apply("Add", new, kept)]
  }

  /// N(z) = gain z / sqrt(mean(z^2) + epsilon) + bias, the mean over each group.
  private func normalize(
    _ sums: String, _ constants: Normalization, _ graph: inout ONNXGraph
  ) -> String {
    let groups = graph.apply("Reshape", sums, constants.grouped)
    let mean = graph.apply(
      "ReduceMean", graph.apply("Mul", groups, groups),
      attributes: [("axes", .integers([2])), ("keepdims", .integer(1))])
    let root = graph.apply("Sqrt", graph.apply("Add", mean, constants.epsilon))
    let normalized = graph.apply("Reshape", graph.apply("Div", groups, root), constants.flat)
    return graph.apply("Add", graph.apply("Mul", normalized, constants.gain), constants.bias)
  }
}
