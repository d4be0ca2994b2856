import Foundation
import RecurrentNetwork

/// The network in plain loops over `Double`: the reference for the fast code, itself proved against
/// central differences. The two share only the layout of the parameters.
package struct NaiveNetwork {
  package let configuration: NetworkConfiguration
  package let layout: ParameterLayout
  package var parameters: [Double]

  /// Tokens of a window, [T][B].
  package typealias Tokens = [[Int]]

  /// h and c of each layer, [layers][B].
  package typealias State = [[NaiveCellState]]

  /// The computation of one layer for one row in one step, and the layer's output.
  struct Step {
    var layer: NaiveLayer.Step
    var output: [Double]
  }

  private var cell: any NaiveCell {
    switch configuration.cell {
    case .lstm: NaiveLSTMCell()
    case .coupledLSTM: NaiveCoupledLSTMCell()
    case .gru: NaiveGRUCell()
    case .rnn: NaiveElmanCell(activation: configuration.activation!)
    }
  }

  func recurrentLayers(_ masks: NaiveMasks) -> [NaiveLayer] {
    layout.layers.enumerated().map { layer, tensors in
      NaiveLayer(
        cell: cell,
        weights: NaiveLayer.Weights(
          inputWeight: rows(tensors.inputWeight),
          recurrentWeight: masks.recurrent(rows(tensors.recurrentWeight), layer: layer),
          inputBias: values(tensors.inputBias), recurrentBias: values(tensors.recurrentBias),
          inputGain: tensors.inputGain.map(values) ?? [],
          recurrentGain: tensors.recurrentGain.map(values) ?? []),
        normalization: configuration.normalizationGroups.map {
          NaiveNormalization(groupSize: configuration.hiddenSize / $0)
        })
    }
  }

  private func values(_ tensor: ParameterLayout.Tensor) -> [Double] {
    Array(parameters[tensor.range])
  }

  private func rows(_ tensor: ParameterLayout.Tensor) -> [[Double]] {
    (0..<tensor.shape[0]).map { row in
      let start = tensor.offset + row * tensor.shape[1]
      return Array(parameters[start..<start + tensor.shape[1]])
    }
  }

  package init(configuration: NetworkConfiguration, parameters: [Double]) {
    self.configuration = configuration
    self.parameters = parameters
    layout = ParameterLayout(configuration)
  }

  package init(configuration: NetworkConfiguration, copying buffer: borrowing ParameterBuffer) {
    self.init(
      configuration: configuration,
      parameters: (0..<buffer.count).map { Double(buffer.start[$0]) })
  }

  package func zeroState(batchSize: Int) -> State {
    Array(
      repeating: Array(
        repeating: .zero(hiddenSize: configuration.hiddenSize), count: batchSize),
      count: configuration.layerCount)
  }

  /// The nats of each target, [T][B]; advances `state`.
  package func nats(
    inputs: Tokens, targets: Tokens, state: inout State, masks: NaiveMasks = .none
  ) -> [[Double]] {
    let steps = run(inputs, state: &state, masks: masks)
    return zip(steps, targets).map { rows, targets in
      zip(rows, targets).map { layers, target in
        -log(softmax(logits(layers.last!.output))[target])
      }
    }
  }

  /// The logits after each token, [T][B][V]; advances `state`.
  package func logits(inputs: Tokens, state: inout State) -> [[[Double]]] {
    run(inputs, state: &state, masks: .none).map { rows in rows.map { logits($0.last!.output) } }
  }

  /// The logits after one token of one row.
  package func logits(_ hidden: [Double]) -> [Double] {
    let output = projected(hidden)
    return (0..<configuration.vocabularySize).map { row in
      parameters[layout.outputBias.offset + row]
        + dot(layout.outputWeight, row: row, output)
    }
  }

  /// What the projection to logits reads.
  private func projected(_ hidden: [Double]) -> [Double] {
    guard let projection = layout.outputProjection else { return hidden }
    return (0..<projection.shape[0]).map { dot(projection, row: $0, hidden) }
  }

  /// dL/dparameters, where L is the mean of the nats; truncated at the window's beginning.
  package func gradients(
    inputs: Tokens, targets: Tokens, state: State, masks: NaiveMasks = .none
  ) -> [Double] {
    var state = state
    let steps = run(inputs, state: &state, masks: masks)
    let batchSize = inputs[0].count
    let scale = 1 / Double(inputs.count * batchSize)
    var gradients = Array(repeating: 0.0, count: layout.count)
    let layers = recurrentLayers(masks)
    var layerGradients = layers.map(\.weights.zeros)
    for lane in 0..<batchSize {
      var stateGradients = zeroState(batchSize: 1).map { $0[0] }
      for t in inputs.indices.reversed() {
        let top = steps[t][lane].last!
        var fromAbove = backwardOutput(
          top.output, target: targets[t][lane], scale: scale, into: &gradients)
        for layer in (0..<configuration.layerCount).reversed() {
          let ofHidden = masks.output(
            fromAbove, layer: layer, step: t, lane: lane, batchSize: batchSize)
          stateGradients[layer].hidden = sum(stateGradients[layer].hidden, ofHidden)
          let ofInput = layers[layer].backward(
            steps[t][lane][layer].layer, state: &stateGradients[layer],
            into: &layerGradients[layer])
          fromAbove = addsInput(layer) ? sum(ofInput, fromAbove) : ofInput
        }
        let row = layout.embedding.offset + inputs[t][lane] * configuration.embeddingSize
        fromAbove = masks.embedded(fromAbove, symbol: inputs[t][lane])
        for e in fromAbove.indices { gradients[row + e] += fromAbove[e] }
      }
    }
    for (layer, tensors) in layout.layers.enumerated() {
      var values = layerGradients[layer]
      values.recurrentWeight = masks.recurrent(values.recurrentWeight, layer: layer)
      let range = tensors.inputWeight.offset..<tensors.tensors.last!.range.upperBound
      gradients.replaceSubrange(range, with: values.flat)
    }
    return gradients
  }
}

// MARK: Residual connections

extension NaiveNetwork {
  /// Whether the output of a layer is its hidden state plus its input.
  func addsInput(_ layer: Int) -> Bool { configuration.isResidual && layer > 0 }
}

func sum(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 + $1 } }

// MARK: Forward

extension NaiveNetwork {
  /// All steps, [T][B][layers].
  func run(_ inputs: Tokens, state: inout State, masks: NaiveMasks) -> [[[Step]]] {
    let recurrentLayers = recurrentLayers(masks)
    var result: [[[Step]]] = []
    for (t, tokens) in inputs.enumerated() {
      var rows: [[Step]] = []
      for (lane, token) in tokens.enumerated() {
        let row = layout.embedding.offset + token * configuration.embeddingSize
        var x = masks.embedded(
          Array(parameters[row..<row + configuration.embeddingSize]), symbol: token)
        var layers: [Step] = []
        for layer in 0..<configuration.layerCount {
          let step = recurrentLayers[layer].forward(x, from: state[layer][lane])
          state[layer][lane] = step.next
          let output = masks.output(
            step.next.hidden, layer: layer, step: t, lane: lane, batchSize: tokens.count)
          x = addsInput(layer) ? sum(output, x) : output
          layers.append(Step(layer: step, output: x))
        }
        rows.append(layers)
      }
      result.append(rows)
    }
    return result
  }

  private func dot(_ weight: ParameterLayout.Tensor, row: Int, _ x: [Double]) -> Double {
    let start = weight.offset + row * weight.shape[1]
    return x.indices.reduce(0) { $0 + parameters[start + $1] * x[$1] }
  }
}

// MARK: Backward

extension NaiveNetwork {
  /// Returns dL/d(output of the top layer).
  func backwardOutput(
    _ hidden: [Double], target: Int, scale: Double, into gradients: inout [Double]
  ) -> [Double] {
    let output = projected(hidden)
    var fromAbove = Array(repeating: 0.0, count: output.count)
    for (row, probability) in softmax(logits(hidden)).enumerated() {
      let d = scale * (probability - (row == target ? 1 : 0))
      gradients[layout.outputBias.offset + row] += d
      addOuter(layout.outputWeight, row: row, d, output, into: &gradients)
      addRow(layout.outputWeight, row: row, d, to: &fromAbove)
    }
    guard let projection = layout.outputProjection else { return fromAbove }
    var result = Array(repeating: 0.0, count: hidden.count)
    for (row, d) in fromAbove.enumerated() {
      addOuter(projection, row: row, d, hidden, into: &gradients)
      addRow(projection, row: row, d, to: &result)
    }
    return result
  }

  private func addOuter(
    _ weight: ParameterLayout.Tensor, row: Int, _ d: Double, _ x: [Double],
    into gradients: inout [Double]
  ) {
    for k in x.indices { gradients[weight.offset + row * weight.shape[1] + k] += d * x[k] }
  }

  func addRow(
    _ weight: ParameterLayout.Tensor, row: Int, _ d: Double, to result: inout [Double]
  ) {
    for k in result.indices {
      result[k] += d * parameters[weight.offset + row * weight.shape[1] + k]
    }
  }
}

func softmax(_ logits: [Double]) -> [Double] {
  let top = logits.max()!
  let exponentials = logits.map { exp($0 - top) }
  let sum = exponentials.reduce(0, +)
  return exponentials.map { $0 / sum }
}
