/// A recurrent layer in plain loops over `Double`, with real-valued inputs and outputs.
///
/// ```swift
/// let layer = NaiveLayer(
///   cell: NaiveElmanCell(activation: .tanh), inputWeight: [[0.5]], recurrentWeight: [[0.1]],
///   inputBias: [0], recurrentBias: [0])
/// let steps = layer.forward([[1], [2]])
/// let gradients = layer.backward(steps, outputGradients: [[0], [steps[1].next.hidden[0] - 0.3]])
/// ```
package struct NaiveLayer {
  package let cell: any NaiveCell
  package var weights: Weights
  private let normalization: NaiveNormalization?

  /// The parameters of a layer, or their gradients.
  package struct Weights {
    /// (G H, in) and (G H, H)
    package var inputWeight, recurrentWeight: [[Double]]
    /// (G H)
    package var inputBias, recurrentBias: [Double]
    /// (G H) and ((G - J) H) if sums are normalized, else empty
    package var inputGain: [Double] = []
    package var recurrentGain: [Double] = []

    package var zeros: Weights {
      Weights(
        inputWeight: inputWeight.map { $0.map { _ in 0 } },
        recurrentWeight: recurrentWeight.map { $0.map { _ in 0 } },
        inputBias: inputBias.map { _ in 0 }, recurrentBias: recurrentBias.map { _ in 0 },
        inputGain: inputGain.map { _ in 0 },
        recurrentGain: recurrentGain.map { _ in 0 })
    }

    /// One after the other, in the order of `ParameterLayout`.
    package var flat: [Double] {
      Array(inputWeight.joined()) + Array(recurrentWeight.joined()) + inputBias + recurrentBias
        + inputGain + recurrentGain
    }
  }

  /// The computation of one row in one time step.
  package struct Step {
    package var input: [Double]
    package var previous, next: NaiveCellState
    /// What the cell starts from, normalized if the layer normalizes.
    package var inputSums, recurrentSums: [Double]
  }

  /// - Parameter normalization: nil if the layer does not normalize.
  package init(cell: any NaiveCell, weights: Weights, normalization: NaiveNormalization? = nil) {
    self.cell = cell
    self.weights = weights
    self.normalization = normalization
  }

  package init(
    cell: any NaiveCell, inputWeight: [[Double]], recurrentWeight: [[Double]],
    inputBias: [Double], recurrentBias: [Double]
  ) {
    self.init(
      cell: cell,
      weights: Weights(
        inputWeight: inputWeight, recurrentWeight: recurrentWeight, inputBias: inputBias,
        recurrentBias: recurrentBias))
  }

  // MARK: One step

  package func forward(_ input: [Double], from previous: NaiveCellState) -> Step {
    var (inputSums, recurrentSums) = rawSums(input, previous)
    if let normalization {
      (inputSums, recurrentSums) = normalization.forward(inputSums, recurrentSums, weights)
    }
    let next = cell.forward(
      inputSums: inputSums, recurrentSums: recurrentSums, previous: previous)
    return Step(
      input: input, previous: previous, next: next, inputSums: inputSums,
      recurrentSums: recurrentSums)
  }

  /// Returns dL/dinput; turns `state` from dL/d(this step's state) into that of the previous step.
  package func backward(
    _ step: Step, state: inout NaiveCellState, into gradients: inout Weights
  ) -> [Double] {
    let gradient = cell.backward(
      inputSums: step.inputSums, recurrentSums: step.recurrentSums, previous: step.previous,
      gradient: state)
    state = gradient.previous
    var (inputGradient, recurrentGradient) = (gradient.inputSums, gradient.recurrentSums)
    if let normalization {
      let (inputSums, recurrentSums) = rawSums(step.input, step.previous)
      (inputGradient, recurrentGradient) = normalization.backward(
        inputSums, recurrentSums, inputGradient, recurrentGradient, weights, into: &gradients)
    }
    var input = step.input.map { _ in 0.0 }
    for (row, d) in inputGradient.enumerated() {
      if normalization == nil { gradients.inputBias[row] += d }
      for k in input.indices {
        gradients.inputWeight[row][k] += d * step.input[k]
        input[k] += d * weights.inputWeight[row][k]
      }
    }
    for (row, d) in recurrentGradient.enumerated() {
      if normalization == nil { gradients.recurrentBias[row] += d }
      for k in state.hidden.indices {
        gradients.recurrentWeight[row][k] += d * step.previous.hidden[k]
        state.hidden[k] += d * weights.recurrentWeight[row][k]
      }
    }
    return input
  }

  // MARK: A sequence

  /// The steps from a zero state.
  package func forward(_ inputs: [[Double]]) -> [Step] {
    var state = NaiveCellState.zero(hiddenSize: weights.recurrentWeight[0].count)
    return inputs.map { input in
      let step = forward(input, from: state)
      state = step.next
      return step
    }
  }

  /// dL/dweights from each step's dL/dh_t, which covers only the direct dependence of L on h_t.
  package func backward(_ steps: [Step], outputGradients: [[Double]]) -> Weights {
    var gradients = weights.zeros
    var state = NaiveCellState.zero(hiddenSize: outputGradients[0].count)
    for (step, output) in zip(steps, outputGradients).reversed() {
      state.hidden = zip(state.hidden, output).map { $0 + $1 }
      _ = backward(step, state: &state, into: &gradients)
    }
    return gradients
  }

  /// With the biases, unless they follow a normalization.
  private func rawSums(
    _ input: [Double], _ previous: NaiveCellState
  ) -> (input: [Double], recurrent: [Double]) {
    let zeros = weights.inputBias.map { _ in 0.0 }
    return (
      sums(weights.inputWeight, input, normalization == nil ? weights.inputBias : zeros),
      sums(
        weights.recurrentWeight, previous.hidden,
        normalization == nil ? weights.recurrentBias : zeros)
    )
  }

  private func sums(_ weight: [[Double]], _ x: [Double], _ bias: [Double]) -> [Double] {
    zip(weight, bias).map { row, bias in x.indices.reduce(bias) { $0 + row[$1] * x[$1] } }
  }
}
