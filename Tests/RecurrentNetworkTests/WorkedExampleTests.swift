import RecurrentNetwork
import TestSupport
import Testing

/// Two small networks that tutorials on back-propagation work out with pencil and paper, run on the
/// naive twin that the fast code is compared with.
@Suite struct WorkedExampleTests {
  /// Numbers below are given to ten digits.
  static let tolerance = 1e-10

  /// Three inputs, two tanh units, one tanh output; one step from a zero state, so W_hh has no
  /// effect.
  ///
  /// ```
  /// a = W x + b     h = tanh(a)     y = tanh(V h + c)     E = (y - 0.1)^2 / 2
  /// dE/d(V h + c) = (y - 0.1) (1 - y^2)                   the output error
  /// dE/da_j = (output error) V_j (1 - h_j^2)              the hidden error of unit j
  /// ```
  @Test func threeInputsTwoTanhUnitsOneOutput() {
    let tanhCell = NaiveElmanCell(activation: .tanh)
    let hidden = NaiveLayer(
      cell: tanhCell, inputWeight: [[0.1, 0.2, 0.3], [0.4, -0.5, 0.6]],
      recurrentWeight: [[0, 0], [0, 0]], inputBias: [0.1, -0.1], recurrentBias: [0, 0])
    let output = NaiveLayer(
      cell: tanhCell, inputWeight: [[0.7, -0.8]], recurrentWeight: [[0]], inputBias: [0.2],
      recurrentBias: [0])
    let x = [0.5, 0.6, 0.7]
    let target = 0.1

    // a = (0.05 + 0.12 + 0.21 + 0.1, 0.2 - 0.3 + 0.42 - 0.1) = (0.48, 0.22)
    let hiddenStep = hidden.forward([x])[0]
    expect(hiddenStep.inputSums, [0.48, 0.22])
    expect(hiddenStep.next.hidden, [0.4462436102487797, 0.2165180614930289])
    // V h + c = 0.7 * 0.4462436102 - 0.8 * 0.2165180615 + 0.2 = 0.3391560780
    let outputStep = output.forward([hiddenStep.next.hidden])[0]
    expect(outputStep.inputSums, [0.3391560780])
    let y = outputStep.next.hidden[0]
    expect([y], [0.3267237681])

    var outputGradients = output.weights.zeros
    var outputState = NaiveCellState(hidden: [y - target], cell: [0])
    let fromOutput = output.backward(outputStep, state: &outputState, into: &outputGradients)
    // (0.3267237681 - 0.1) (1 - 0.3267237681^2)
    expect(outputGradients.inputBias, [0.2025213639])
    expect(outputGradients.inputWeight[0], [0.0903738646, 0.0438495331])

    var hiddenGradients = hidden.weights.zeros
    var hiddenState = NaiveCellState(hidden: fromOutput, cell: [0, 0])
    _ = hidden.backward(hiddenStep, state: &hiddenState, into: &hiddenGradients)
    // 0.2025213639 * (0.7 (1 - 0.4462436102^2), -0.8 (1 - 0.2165180615^2))
    expect(hiddenGradients.inputBias, [0.1135348230, -0.1544217184])
    expect(hiddenGradients.inputWeight[0], [0.0567674115, 0.0681208938, 0.0794743761])
    expect(hiddenGradients.inputWeight[1], [-0.0772108592, -0.0926530311, -0.1080952029])

    for row in 0..<2 {
      for column in 0..<3 {
        let difference = centralDifference(at: hidden.weights.inputWeight[row][column]) { value in
          var changed = hidden
          changed.weights.inputWeight[row][column] = value
          let y = output.forward([changed.forward([x])[0].next.hidden])[0].next.hidden[0]
          return (y - target) * (y - target) / 2
        }
        #expect(abs(hiddenGradients.inputWeight[row][column] - difference) < 1e-9)
      }
    }
  }

  /// The numbers 1 to 5, one at each step, into two sigmoid units with W = (0.5, -0.5), U =
  /// diag(0.2, -0.2), b = 0.
  ///
  /// ```
  /// h_t = sigmoid(W x_t + U h_{t-1} + b)        E = |h_5 - (1, 0)|^2 / 2
  /// ```
  ///
  /// With a diagonal U no unit sees the other, and dh_t/dW = h_t (1 - h_t) (x_t + U dh_{t-1}/dW)
  /// runs forward with the sequence, likewise for U and b. The expected numbers were computed in
  /// this way, without a backward pass.
  @Test func fiveNumbersThroughTwoSigmoidUnits() {
    let layer = NaiveLayer(
      cell: NaiveElmanCell(activation: .sigmoid), inputWeight: [[0.5], [-0.5]],
      recurrentWeight: [[0.2, 0], [0, -0.2]], inputBias: [0, 0], recurrentBias: [0, 0])
    let inputs = [1.0, 2, 3, 4, 5].map { [$0] }
    let target = [1.0, 0]

    let steps = layer.forward(inputs)
    // sigmoid(0.5) = 0.6224593312; sigmoid(0.5 * 2 + 0.2 * 0.6224593312) = 0.7548209606; ...
    expect(
      steps.map { $0.next.hidden[0] },
      [0.6224593312, 0.7548209606, 0.8390213212, 0.8973208363, 0.9358039410])
    expect(
      steps.map { $0.next.hidden[1] },
      [0.3775406688, 0.2543570014, 0.1749604465, 0.1155776533, 0.0742534996])
    #expect(abs(error(of: layer, inputs, target) - 0.0048173581) < Self.tolerance)

    let last = zip(steps[4].next.hidden, target).map { $0 - $1 }
    let gradients = layer.backward(
      steps, outputGradients: Array(repeating: [0, 0], count: 4) + [last])
    expect(gradients.inputWeight.map { $0[0] }, [-0.0195730356, 0.0251123144])
    expect(
      [gradients.recurrentWeight[0][0], gradients.recurrentWeight[1][1]],
      [-0.0035217028, 0.0005723952])
    expect(gradients.inputBias, [-0.0039296335, 0.0050027338])
    expect(gradients.recurrentBias, gradients.inputBias)

    // The weights off U's diagonal are zero, their gradients are not.
    for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
      let difference = centralDifference(at: layer.weights.recurrentWeight[row][column]) { value in
        var changed = layer
        changed.weights.recurrentWeight[row][column] = value
        return error(of: changed, inputs, target)
      }
      #expect(abs(gradients.recurrentWeight[row][column] - difference) < 1e-9)
      #expect(difference != 0)
    }
  }

  private func error(of layer: NaiveLayer, _ inputs: [[Double]], _ target: [Double]) -> Double {
    zip(layer.forward(inputs).last!.next.hidden, target)
      .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / 2 }
  }

  private func centralDifference(at value: Double, _ error: (Double) -> Double) -> Double {
    (error(value + 1e-5) - error(value - 1e-5)) / 2e-5
  }

  private func expect(
    _ found: [Double], _ expected: [Double], _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, sourceLocation: location)
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) < Self.tolerance, sourceLocation: location)
    }
  }
}
