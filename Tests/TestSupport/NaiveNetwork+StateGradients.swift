import Foundation

/// The gradients of one prediction's loss with respect to the state of every step before it.
extension NaiveNetwork {
  /// An offset to one layer's new state after one step.
  package struct Nudge {
    package var step: Int
    package var layer: Int
    /// The offsets to h, as the next step and the layer above read it, and to c, before h = o
    /// tanh(c); empty for none.
    package var amount = NaiveCellState(hidden: [], cell: [])

    package init(step: Int, layer: Int) {
      self.step = step
      self.layer = layer
    }
  }

  /// The nats of the last of `tokens` after the others, from a zero state.
  package func natsOfLast(_ tokens: [Int], nudge: Nudge) -> Double {
    let layers = recurrentLayers(.none)
    var state = zeroState(batchSize: 1).map { $0[0] }
    var x: [Double] = []
    for (step, token) in tokens.dropLast().enumerated() {
      x = embedding(of: token)
      for layer in layers.indices {
        let result = layers[layer].forward(x, from: state[layer])
        state[layer] = result.next
        if step == nudge.step, layer == nudge.layer {
          state[layer] = nudged(result, by: nudge.amount)
        }
        x = addsInput(layer) ? sum(state[layer].hidden, x) : state[layer].hidden
      }
    }
    return -log(softmax(logits(x))[tokens.last!])
  }

  /// In an LSTM h follows c, and h / tanh(c) is the output gate; in other cells c has no offset.
  private func nudged(_ step: NaiveLayer.Step, by amount: NaiveCellState) -> NaiveCellState {
    var state = step.next
    for (j, value) in amount.hidden.enumerated() { state.hidden[j] += value }
    for (j, value) in amount.cell.enumerated() {
      let outputGate = step.next.hidden[j] / tanh(step.next.cell[j])
      state.cell[j] += value
      state.hidden[j] = outputGate * tanh(state.cell[j])
    }
    return state
  }

  /// dL/dh_t with c_t held fixed, and dL/dc_t including the path through h_t, for each step t of
  /// one layer, where L is the nats of the last of `tokens` after the others.
  /// - Parameter warmUp: how many tokens at the beginning are read only for the state.
  package func stateGradients(tokens: [Int], warmUp: Int, layer: Int) -> [NaiveCellState] {
    var state = zeroState(batchSize: 1)
    let inputs = tokens.dropLast().map { [$0] }
    let steps = Array(run(inputs, state: &state, masks: .none)[warmUp...])
    let layers = recurrentLayers(.none)
    var unused = layers.map(\.weights.zeros)
    var gradients = zeroState(batchSize: 1).map { $0[0] }
    var result: [NaiveCellState] = []
    for t in steps.indices.reversed() {
      let top = steps[t][0].last!.output
      var fromAbove =
        t == steps.count - 1
        ? gradientOfLogits(top, target: tokens.last!) : Array(repeating: 0.0, count: top.count)
      for index in layers.indices.reversed() {
        for j in fromAbove.indices { gradients[index].hidden[j] += fromAbove[j] }
        if index == layer { result.append(whole(gradients[index], steps[t][0][index].layer)) }
        let ofInput = layers[index].backward(
          steps[t][0][index].layer, state: &gradients[index], into: &unused[index])
        fromAbove = addsInput(index) ? sum(ofInput, fromAbove) : ofInput
      }
    }
    return result.reversed()
  }

  /// Adds to dL/dc_t the part that flows through h_t = o tanh(c_t).
  private func whole(_ gradient: NaiveCellState, _ step: NaiveLayer.Step) -> NaiveCellState {
    guard configuration.cell.stateVectorCount > 1 else { return gradient }
    var gradient = gradient
    for j in gradient.cell.indices {
      let cellTanh = tanh(step.next.cell[j])
      let outputGate = step.next.hidden[j] / cellTanh
      gradient.cell[j] += gradient.hidden[j] * outputGate * (1 - cellTanh * cellTanh)
    }
    return gradient
  }

  /// dL/d(output of the top layer).
  private func gradientOfLogits(_ hidden: [Double], target: Int) -> [Double] {
    var unused = parameters.map { _ in 0.0 }
    return backwardOutput(hidden, target: target, scale: 1, into: &unused)
  }

  private func embedding(of token: Int) -> [Double] {
    let row = layout.embedding.offset + token * configuration.embeddingSize
    return Array(parameters[row..<row + configuration.embeddingSize])
  }
}
