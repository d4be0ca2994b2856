import Foundation
import RecurrentNetwork

/// The network in plain loops over `Double`: what the fast code must equal, itself proved against central
/// differences. It shares nothing with the fast code but the layout of the parameters.
public struct NaiveNetwork {
  public let configuration: NetworkConfiguration
  public let layout: ParameterLayout
  public var parameters: [Double]

  /// Tokens of a window, [T][B].
  public typealias Tokens = [[Int]]

  /// h and c of each layer, [layers][B][H].
  public struct State {
    public var hidden: [[[Double]]]
    public var cell: [[[Double]]]
  }

  /// What one layer did to one row in one step.
  struct Step {
    var input: [Double]
    var previousHidden: [Double]
    var previousCell: [Double]
    var i, f, g, o, cell, hidden, output: [Double]
  }

  public init(configuration: NetworkConfiguration, parameters: [Double]) {
    self.configuration = configuration
    self.parameters = parameters
    layout = ParameterLayout(configuration)
  }

  public init(configuration: NetworkConfiguration, copying buffer: borrowing ParameterBuffer) {
    self.init(
      configuration: configuration,
      parameters: (0..<buffer.count).map { Double(buffer.start[$0]) })
  }

  public func zeroState(batchSize: Int) -> State {
    let zeros = Array(
      repeating: Array(
        repeating: Array(repeating: 0.0, count: configuration.hiddenSize), count: batchSize),
      count: configuration.layerCount)
    return State(hidden: zeros, cell: zeros)
  }

  /// The nats of each target, [T][B]; `state` moves on. `masks` is [layers][B][H].
  public func nats(
    inputs: Tokens, targets: Tokens, state: inout State, masks: [[[Double]]]? = nil
  ) -> [[Double]] {
    let steps = run(inputs, state: &state, masks: masks)
    return zip(steps, targets).map { rows, targets in
      zip(rows, targets).map { layers, target in
        -log(softmax(logits(layers.last!.output))[target])
      }
    }
  }

  /// The logits after one token of one row.
  public func logits(_ hidden: [Double]) -> [Double] {
    (0..<configuration.vocabularySize).map { row in
      parameters[layout.outputBias.offset + row]
        + dot(layout.outputWeight, row: row, hidden)
    }
  }

  /// dL/dparameters, L being the mean of the nats; truncated at the window's beginning.
  public func gradients(
    inputs: Tokens, targets: Tokens, state: State, masks: [[[Double]]]? = nil
  ) -> [Double] {
    var state = state
    let steps = run(inputs, state: &state, masks: masks)
    let batchSize = inputs[0].count
    let scale = 1 / Double(inputs.count * batchSize)
    var gradients = Array(repeating: 0.0, count: layout.count)
    let zeros = Array(
      repeating: Array(repeating: 0.0, count: configuration.hiddenSize),
      count: configuration.layerCount)
    for lane in 0..<batchSize {
      var hiddenGradient = zeros
      var cellGradient = zeros
      for t in inputs.indices.reversed() {
        let top = steps[t][lane].last!
        var fromAbove = backwardOutput(
          top.output, target: targets[t][lane], scale: scale, into: &gradients)
        for layer in (0..<configuration.layerCount).reversed() {
          if let masks { for j in fromAbove.indices { fromAbove[j] *= masks[layer][lane][j] } }
          fromAbove = backwardCell(
            layer, steps[t][lane][layer], fromAbove: fromAbove, hidden: &hiddenGradient[layer],
            cell: &cellGradient[layer], into: &gradients)
        }
        let row = layout.embedding.offset + inputs[t][lane] * configuration.embeddingSize
        for e in fromAbove.indices { gradients[row + e] += fromAbove[e] }
      }
    }
    return gradients
  }
}

// MARK: Forward

extension NaiveNetwork {
  /// All steps, [T][B][layers].
  func run(_ inputs: Tokens, state: inout State, masks: [[[Double]]]?) -> [[[Step]]] {
    var result: [[[Step]]] = []
    for tokens in inputs {
      var rows: [[Step]] = []
      for (lane, token) in tokens.enumerated() {
        let row = layout.embedding.offset + token * configuration.embeddingSize
        var x = Array(parameters[row..<row + configuration.embeddingSize])
        var layers: [Step] = []
        for layer in 0..<configuration.layerCount {
          var step = forwardCell(
            layer, x, hidden: state.hidden[layer][lane], cell: state.cell[layer][lane])
          state.hidden[layer][lane] = step.hidden
          state.cell[layer][lane] = step.cell
          if let masks {
            step.output = zip(step.hidden, masks[layer][lane]).map { $0 * $1 }
          }
          x = step.output
          layers.append(step)
        }
        rows.append(layers)
      }
      result.append(rows)
    }
    return result
  }

  private func forwardCell(_ layer: Int, _ x: [Double], hidden: [Double], cell: [Double]) -> Step {
    let size = configuration.hiddenSize
    let tensors = layout.layers[layer]
    let z = (0..<4 * size).map { row in
      parameters[tensors.inputBias.offset + row] + parameters[tensors.recurrentBias.offset + row]
        + dot(tensors.inputWeight, row: row, x) + dot(tensors.recurrentWeight, row: row, hidden)
    }
    let i = z[..<size].map(sigmoid)
    let f = z[size..<2 * size].map(sigmoid)
    let g = z[2 * size..<3 * size].map { tanh($0) }
    let o = z[3 * size..<4 * size].map(sigmoid)
    let newCell = (0..<size).map { f[$0] * cell[$0] + i[$0] * g[$0] }
    let newHidden = (0..<size).map { o[$0] * tanh(newCell[$0]) }
    return Step(
      input: x, previousHidden: hidden, previousCell: cell, i: i, f: f, g: g, o: o, cell: newCell,
      hidden: newHidden, output: newHidden)
  }

  private func dot(_ weight: ParameterLayout.Tensor, row: Int, _ x: [Double]) -> Double {
    let start = weight.offset + row * weight.shape[1]
    return x.indices.reduce(0) { $0 + parameters[start + $1] * x[$1] }
  }
}

// MARK: Backward

extension NaiveNetwork {
  /// Returns dL/d(output of the top layer).
  private func backwardOutput(
    _ hidden: [Double], target: Int, scale: Double, into gradients: inout [Double]
  ) -> [Double] {
    var fromAbove = Array(repeating: 0.0, count: hidden.count)
    for (row, probability) in softmax(logits(hidden)).enumerated() {
      let d = scale * (probability - (row == target ? 1 : 0))
      gradients[layout.outputBias.offset + row] += d
      addOuter(layout.outputWeight, row: row, d, hidden, into: &gradients)
      addRow(layout.outputWeight, row: row, d, to: &fromAbove)
    }
    return fromAbove
  }

  /// Returns dL/d(input of the layer); `hidden` and `cell` go from dL/d(this step's state) to the one before.
  private func backwardCell(
    _ layer: Int, _ step: Step, fromAbove: [Double], hidden: inout [Double],
    cell: inout [Double], into gradients: inout [Double]
  ) -> [Double] {
    let size = configuration.hiddenSize
    let tensors = layout.layers[layer]
    var z = Array(repeating: 0.0, count: 4 * size)
    for j in 0..<size {
      let dh = fromAbove[j] + hidden[j]
      let cellTanh = tanh(step.cell[j])
      let dc = cell[j] + dh * step.o[j] * (1 - cellTanh * cellTanh)
      z[j] = dc * step.g[j] * step.i[j] * (1 - step.i[j])
      z[size + j] = dc * step.previousCell[j] * step.f[j] * (1 - step.f[j])
      z[2 * size + j] = dc * step.i[j] * (1 - step.g[j] * step.g[j])
      z[3 * size + j] = dh * cellTanh * step.o[j] * (1 - step.o[j])
      cell[j] = dc * step.f[j]
    }
    hidden = Array(repeating: 0.0, count: size)
    var input = Array(repeating: 0.0, count: step.input.count)
    for (row, d) in z.enumerated() {
      gradients[tensors.inputBias.offset + row] += d
      gradients[tensors.recurrentBias.offset + row] += d
      addOuter(tensors.inputWeight, row: row, d, step.input, into: &gradients)
      addOuter(tensors.recurrentWeight, row: row, d, step.previousHidden, into: &gradients)
      addRow(tensors.inputWeight, row: row, d, to: &input)
      addRow(tensors.recurrentWeight, row: row, d, to: &hidden)
    }
    return input
  }

  private func addOuter(
    _ weight: ParameterLayout.Tensor, row: Int, _ d: Double, _ x: [Double],
    into gradients: inout [Double]
  ) {
    for k in x.indices { gradients[weight.offset + row * weight.shape[1] + k] += d * x[k] }
  }

  private func addRow(
    _ weight: ParameterLayout.Tensor, row: Int, _ d: Double, to result: inout [Double]
  ) {
    for k in result.indices {
      result[k] += d * parameters[weight.offset + row * weight.shape[1] + k]
    }
  }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

private func softmax(_ logits: [Double]) -> [Double] {
  let top = logits.max()!
  let exponentials = logits.map { exp($0 - top) }
  let sum = exponentials.reduce(0, +)
  return exponentials.map { $0 / sum }
}
