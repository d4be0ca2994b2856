import Kernels
import RecurrentNetwork

/// The window's results by the twin and by the fast code.
extension ReferenceNetwork {
  /// [T][B]
  private func tokens(shiftedBy shift: Int) -> NaiveNetwork.Tokens {
    (0..<stepCount).map { step in
      (0..<batchSize).map { Int(text[$0 * stepCount + step + shift]) }
    }
  }

  /// The window's results by the naive twin.
  package func twinResult() -> WindowResult {
    let twin = NaiveNetwork(configuration: configuration, parameters: parameters.map(Double.init))
    let (inputs, targets) = (tokens(shiftedBy: 0), tokens(shiftedBy: 1))
    let initial = twinState
    var state = initial
    let logits = twin.logits(inputs: inputs, state: &state)
    var copy = initial
    let nats = twin.nats(inputs: inputs, targets: targets, state: &copy).joined()
    return WindowResult(
      logits: Array(logits.joined().joined()),
      natsPerToken: nats.reduce(0, +) / Double(nats.count), finalState: flat(state),
      gradients: twin.gradients(inputs: inputs, targets: targets, state: initial))
  }

  /// The window's results by the fast code: the training pass, and the predictor for the logits.
  package func fastResult(_ instructionSet: InstructionSet) -> WindowResult {
    let processor = Processor(instructionSet: instructionSet, threadCount: 2)
    var pass = BackpropagationThroughTime(
      configuration: configuration, batchSize: batchSize, windowLength: stepCount, dropout: .none,
      processor: processor)
    pass.states = initialStates
    var gradients = ParameterBuffer(layout: layout)
    let nats = pass.accumulateGradients(
      inputs: tokens(shiftedBy: 0).joined().map(UInt16.init),
      targets: tokens(shiftedBy: 1).joined().map(UInt16.init), stepCount: stepCount,
      parameters: parameterBuffer, into: &gradients, dropoutStream: RandomStream(seed: 1))
    pass.carryState(stepCount: stepCount)
    return WindowResult(
      logits: predictedLogits(processor), natsPerToken: nats / Double(stepCount * batchSize),
      finalState: pass.states.flatMap(\.values).map(Double.init),
      gradients: (0..<gradients.count).map { Double(gradients.start[$0]) })
  }

  private func predictedLogits(_ processor: Processor) -> [Double] {
    let weights = NetworkWeights(
      configuration: configuration, parameters: parameterBuffer, processor: processor)
    var predictor = Predictor(weights: weights, processor: processor)
    var states = initialStates
    var row: [Float] = []
    var logits: [Double] = []
    for tokens in tokens(shiftedBy: 0) {
      for (lane, token) in tokens.enumerated() {
        predictor.advance([UInt16(token)], state: &states[lane], logits: &row)
        logits += row.map(Double.init)
      }
    }
    return logits
  }

  /// The initial state in the twin's form, [layers][B].
  private var twinState: NaiveNetwork.State {
    let (size, count) = (configuration.hiddenSize, configuration.cell.stateVectorCount)
    return (0..<configuration.layerCount).map { layer in
      initialStates.map { state in
        func vector(_ index: Int) -> [Double] {
          let start = (layer * count + index) * size
          return state.values[start..<start + size].map(Double.init)
        }
        return NaiveCellState(
          hidden: vector(0), cell: count > 1 ? vector(1) : Array(repeating: 0, count: size))
      }
    }
  }

  private func flat(_ state: NaiveNetwork.State) -> [Double] {
    (0..<batchSize).flatMap { lane in
      state.flatMap { layer in
        layer[lane].hidden + (configuration.cell.stateVectorCount > 1 ? layer[lane].cell : [])
      }
    }
  }
}
