import RecurrentNetwork

/// A `WorkedStep` as text: an equation and its numbers a line; dy is dL/dy.
struct WorkedStepReport {
  let step: WorkedStep
  let network: ExampleNetwork
  let previous: [Float]
  let target: Int

  private static let digits = 5

  private var cell: CellKind { network.configuration.cell }
  var size: Int { network.configuration.hiddenSize }

  var text: String {
    let cell = cell.rawValue
    let heading =
      "One step of \(cell): 2 inputs, 2 units, 3 tokens; token \(ExampleNetwork.token) is read, "
      + "token \(target) comes next.\n"
    return [
      heading, section("Weights", weights), section("Forward", forward),
      section("Backward", backward), section("Gradients of the weights", gradients),
    ].joined(separator: "\n")
  }

  private typealias Lines = [(equation: String, values: [Double])]

  private func section(_ title: String, _ lines: Lines) -> String {
    let rows = lines.map { equation, values in
      (equation, values.map { $0.fixed(Self.digits).rightAligned(9, gap: 1) }.joined())
    }
    return "\(title)\n" + TextTable.pairs(rows)
  }

  // MARK: Weights

  private var weights: Lines {
    let shapes = ParameterLayout(network.configuration).tensors.map(\.shape)
    return zip(network.tensors, shapes).flatMap { tensor, shape in
      rows(tensor.name, tensor.values.map(Double.init), shape)
    }
  }

  private var gradients: Lines {
    let layout = ParameterLayout(network.configuration)
    return zip(network.tensors, layout.tensors).flatMap { tensor, entry in
      rows("d\(tensor.name)", Array(step.gradients[entry.range]), entry.shape)
    }
  }

  /// A line for each row of a matrix, and for each gate of a bias.
  private func rows(_ name: String, _ values: [Double], _ shape: [Int]) -> Lines {
    let isGated = shape[0] == cell.gateCount * size && !name.hasSuffix("out")
    let width = shape.count == 2 ? shape[1] : isGated ? size : shape[0]
    let letters = Self.letters(of: cell)
    return stride(from: 0, to: values.count, by: width).map { first in
      let row = first / width
      let label =
        switch (shape.count, isGated) {
        case (2, true): "\(name)[\(letters[row / size]),\(row % size)]"
        case (2, false): "\(name)[\(row)]"
        case (_, true): "\(name)[\(letters[row])]"
        default: name
        }
      return ("  \(label)", Array(values[first..<first + width]))
    }
  }

  /// The letters of the gates; the only sums of a simple RNN are those of h.
  private static func letters(of cell: CellKind) -> [String] {
    let gates = cell.tracedVectors.filter { !cell.stateVectors.contains($0) }
    return gates.isEmpty ? ["h"] : gates.map(\.rawValue)
  }

  // MARK: Forward

  private var forward: Lines {
    let state = previous.map(Double.init)
    let start: Lines = [
      ("  x = embedding[\(ExampleNetwork.token)]", step.input), ("  h'", Array(state.prefix(size))),
    ]
    let end: Lines = [
      ("  logits = W_out h + b_out", step.logits),
      ("  p = softmax(logits)", step.probabilities), ("  L = -ln p[\(target)]", [step.nats]),
    ]
    return start + middle(Array(state.suffix(size))) + end
  }

  private func middle(_ lastState: [Double]) -> Lines {
    let (a, s) = (step.inputSums, step.recurrentSums)
    func block(_ values: [Double], _ gate: Int) -> [Double] {
      Array(values[gate * size..<(gate + 1) * size])
    }
    func sums(_ gate: Int) -> [Double] { block(zip(a, s).map { $0 + $1 }, gate) }
    func vector(_ name: TracedVector) -> [Double] { step.vectors[name]! }
    switch cell {
    case .lstm:
      return [
        ("  c'", lastState),
        ("  z_i = W_ih x + b_ih + W_hh h' + b_hh", sums(0)), ("  z_f, likewise", sums(1)),
        ("  z_g, likewise", sums(2)), ("  z_o, likewise", sums(3)),
        ("  i = sigmoid(z_i)", vector(.inputGate)), ("  f = sigmoid(z_f)", vector(.forgetGate)),
        ("  g = tanh(z_g)", vector(.inputCandidate)), ("  o = sigmoid(z_o)", vector(.outputGate)),
        ("  c = f c' + i g", vector(.cell)), ("  h = o tanh(c)", vector(.hidden)),
      ]
    case .coupledLSTM:
      return [
        ("  c'", lastState),
        ("  z_f = W_ih x + b_ih + W_hh h' + b_hh", sums(0)), ("  z_g, likewise", sums(1)),
        ("  z_o, likewise", sums(2)), ("  f = sigmoid(z_f)", vector(.forgetGate)),
        ("  g = tanh(z_g)", vector(.inputCandidate)), ("  o = sigmoid(z_o)", vector(.outputGate)),
        ("  c = f c' + (1 - f) g", vector(.cell)), ("  h = o tanh(c)", vector(.hidden)),
      ]
    case .gru:
      return [
        ("  a_r + s_r = W_ih x + b_ih + W_hh h' + b_hh", sums(0)),
        ("  a_z + s_z, likewise", sums(1)), ("  a_n = W_ih x + b_ih", block(a, 2)),
        ("  s_n = W_hh h' + b_hh", block(s, 2)),
        ("  r = sigmoid(a_r + s_r)", vector(.resetGate)),
        ("  z = sigmoid(a_z + s_z)", vector(.updateGate)),
        ("  n = tanh(a_n + r s_n)", vector(.stateCandidate)),
        ("  h = (1 - z) n + z h'", vector(.hidden)),
      ]
    case .rnn:
      return [
        ("  a = W_ih x + b_ih + W_hh h' + b_hh", sums(0)), ("  h = tanh(a)", vector(.hidden)),
      ]
    }
  }

  // MARK: Backward

  private var backward: Lines {
    var one = ["0", "0", "0"]
    one[target] = "1"
    var lines: Lines = [
      ("  dlogits = p - (\(one.joined(separator: ", ")))", step.logitsGradient),
      ("  dh = W_out^T dlogits", step.hiddenGradient),
    ]
    if let cellGradient = step.cellGradient {
      lines.append(("  dc = dh o (1 - tanh(c)^2)", cellGradient))
    }
    for (gate, equation) in Self.gateEquations(of: cell).enumerated() {
      let range = gate * size..<(gate + 1) * size
      lines.append(("  \(equation)", Array(step.inputSumsGradient[range])))
    }
    if cell == .gru {
      lines.append(("  ds_n = da_n r", Array(step.recurrentSumsGradient.suffix(size))))
    }
    lines.append(("  dx = W_ih^T \(Self.sumsName(of: cell))", step.inputGradient))
    return lines
  }

  private static func gateEquations(of cell: CellKind) -> [String] {
    switch cell {
    case .lstm:
      [
        "dz_i = dc g i (1 - i)", "dz_f = dc c' f (1 - f)", "dz_g = dc i (1 - g^2)",
        "dz_o = dh tanh(c) o (1 - o)",
      ]
    case .coupledLSTM:
      [
        "dz_f = dc (c' - g) f (1 - f)", "dz_g = dc (1 - f) (1 - g^2)",
        "dz_o = dh tanh(c) o (1 - o)",
      ]
    case .gru:
      [
        "da_r = ds_r = da_n s_n r (1 - r)", "da_z = ds_z = dh (h' - n) z (1 - z)",
        "da_n = dh (1 - z) (1 - n^2)",
      ]
    case .rnn: ["da = dh (1 - h^2)"]
    }
  }

  private static func sumsName(of cell: CellKind) -> String {
    cell.stateVectorCount > 1 ? "dz" : "da"
  }
}
