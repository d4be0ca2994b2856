import Kernels

/// All numbers of one time step of a small network: forward pass, loss, and every gradient.
///
/// The step is computed by the code that trains (`StateTrace`, `BackpropagationThroughTime`). Added
/// here are only products that it does not keep, in Double:
///
/// ```
/// input sums      a = W_ih x + b_ih                       (G H)
/// recurrent sums  s = W_hh h' + b_hh                      (G H)
/// dL/dh = lm_head.weight^T dL/dlogits                     (H)
/// dL/dc = dL/dh * o * (1 - tanh(c)^2)                     (H), for an LSTM
/// ```
///
/// x is the token's embedding, h' and c' the previous state. Since the window has one step, dL/da
/// is the gradient of `bias_ih`, dL/ds that of `bias_hh`, dL/dlogits that of `lm_head.bias`, and
/// dL/dx that of the token's row of the embedding.
public struct WorkedStep: Sendable {
  /// The shape of the network.
  public let configuration: NetworkConfiguration
  /// x
  public let input: [Double]
  public let inputSums, recurrentSums: [Double]
  /// The vectors of `CellKind.tracedVectors`, each of H numbers.
  public let vectors: [TracedVector: [Double]]
  public let logits, probabilities: [Double]
  /// L
  public let nats: Double
  public let logitsGradient, hiddenGradient: [Double]
  /// dL/dc; nil if the cell has no c.
  public let cellGradient: [Double]?
  public let inputSumsGradient, recurrentSumsGradient: [Double]
  /// dL/dx
  public let inputGradient: [Double]
  /// dL/dparameters, in the order of `ParameterLayout`.
  public let gradients: [Double]

  /// Runs one step.
  /// - Parameters:
  ///   - configuration: the network.
  ///   - parameters: its parameters.
  ///   - previous: h', and for an LSTM c' after it.
  ///   - token: the token that is read.
  ///   - target: the token that comes next.
  ///   - processor: the instruction set and the threads to compute with.
  /// - Precondition: the network has one layer and does not normalize, and the tokens are below V.
  public init(
    configuration: NetworkConfiguration, parameters: borrowing ParameterBuffer,
    previous: [Float], token: UInt16, target: UInt16, processor: Processor
  ) {
    precondition(configuration.layerCount == 1, "a worked step has one layer")
    precondition(configuration.normalizationGroups == nil, "a worked step has no normalization")
    precondition(!configuration.projectsOutput, "a worked step has no projection")
    self.configuration = configuration
    let layout = parameters.layout
    let layer = layout.layers[0]
    func tensor(_ tensor: ParameterLayout.Tensor) -> [Double] {
      parameters.values(of: tensor).map(Double.init)
    }
    var state = RecurrentState(configuration)
    precondition(state.values.count == previous.count, "a state has its vectors")
    state.values = previous

    let row = Int(token) * configuration.embeddingSize
    input = Array(tensor(layout.embedding)[row..<row + configuration.embeddingSize])
    let hidden = previous.prefix(configuration.hiddenSize).map(Double.init)
    inputSums = product(tensor(layer.inputWeight), input, adding: tensor(layer.inputBias))
    recurrentSums = product(
      tensor(layer.recurrentWeight), hidden, adding: tensor(layer.recurrentBias))

    var vectors: [TracedVector: [Double]] = [:]
    let weights = NetworkWeights(
      configuration: configuration, parameters: ParameterBuffer(copying: parameters),
      processor: processor)
    var trace = StateTrace(weights: weights, windowLength: 1, processor: processor)
    var traced = state
    trace.read([token], state: &traced) { _, step in
      for vector in configuration.cell.tracedVectors {
        vectors[vector] = step.values(of: vector, layer: 0).map(Double.init)
      }
    }
    self.vectors = vectors

    var pass = BackpropagationThroughTime(
      configuration: configuration, batchSize: 1, windowLength: 1, dropout: .none,
      processor: processor)
    pass.states = [state]
    var buffer = ParameterBuffer(layout: layout)
    var logits: [Double] = []
    nats = pass.accumulateGradients(
      inputs: [token], targets: [target], stepCount: 1, parameters: parameters, into: &buffer,
      dropoutStream: RandomStream(seed: 1)
    ) { logits = $0.values.map(Double.init) }
    self.logits = logits

    let gradients = (0..<buffer.count).map { Double(buffer.start[$0]) }
    let logitsGradient = Array(gradients[layout.outputBias.range])
    self.gradients = gradients
    self.logitsGradient = logitsGradient
    probabilities = logitsGradient.enumerated().map { $1 + ($0 == Int(target) ? 1 : 0) }
    inputSumsGradient = Array(gradients[layer.inputBias.range])
    recurrentSumsGradient = Array(gradients[layer.recurrentBias.range])
    let first = layout.embedding.offset + row
    inputGradient = Array(gradients[first..<first + configuration.embeddingSize])

    let output = tensor(layout.outputWeight)
    let hiddenSize = configuration.hiddenSize
    let hiddenGradient = (0..<hiddenSize).map { unit in
      logitsGradient.indices.reduce(0) { $0 + output[$1 * hiddenSize + unit] * logitsGradient[$1] }
    }
    self.hiddenGradient = hiddenGradient
    if let gate = vectors[.outputGate], let cell = vectors[.cell], let hidden = vectors[.hidden] {
      // tanh(c) = h / o.
      cellGradient = cell.indices.map { unit in
        let cellTanh = gate[unit] == 0 ? 0 : hidden[unit] / gate[unit]
        return hiddenGradient[unit] * gate[unit] * (1 - cellTanh * cellTanh)
      }
    } else {
      cellGradient = nil
    }
  }
}

/// W x + b of a row-major W.
private func product(_ weight: [Double], _ x: [Double], adding bias: [Double]) -> [Double] {
  bias.indices.map { row in
    x.indices.reduce(bias[row]) { $0 + weight[row * x.count + $1] * x[$1] }
  }
}
