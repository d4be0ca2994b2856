import Kernels

/// The loss and the gradients of one window, truncated at its edges.
///
/// The state is carried in from the previous window; gradients are not carried out of the window
/// (Williams & Peng 1990, "An efficient gradient-based algorithm for on-line training of recurrent
/// network trajectories").
///
/// ```swift
/// import Kernels
/// import RecurrentNetwork
///
/// var pass = BackpropagationThroughTime(
///   configuration: configuration, batchSize: 32, windowLength: 64, dropout: .none,
///   processor: Processor(threadCount: 2))
/// gradients.clear(processor: processor)
/// let nats = pass.accumulateGradients(
///   inputs: inputs, targets: targets, stepCount: 64, parameters: parameters,
///   into: &gradients, dropoutStream: stream)  // summed over all T B tokens
/// pass.carryState(stepCount: 64)
/// ```
///
/// Tokens are [T B], step by step. The loss is the mean over the window's tokens. All results are
/// bit-identical for any number of threads. `NetworkConfiguration` explains the letters.
public struct BackpropagationThroughTime: ~Copyable {
  let configuration: NetworkConfiguration
  let processor: Processor
  var forward: ForwardPass
  var weights: PackedWeights
  let memory: BackwardWorkspace
  /// B of the whole batch.
  private let batchSize: Int
  private let nats: AlignedBuffer<Double>

  /// - Parameters:
  ///   - configuration: the network.
  ///   - batchSize: B, the rows that run side by side.
  ///   - lanes: those of the B rows that run here, if others run elsewhere: masks and the mean are
  ///     those of the whole batch, and sums are over these rows; nil for all.
  ///   - windowLength: T, the length of the longest window.
  ///   - dropout: at rates in 0 ..< 1, drawn for each window.
  ///   - processor: the instruction set and the threads to compute with.
  public init(
    configuration: NetworkConfiguration, batchSize: Int, lanes: Range<Int>? = nil,
    windowLength: Int, dropout: Dropout, processor: Processor
  ) {
    self.configuration = configuration
    self.processor = processor
    self.batchSize = batchSize
    let lanes = lanes ?? 0..<batchSize
    precondition(!lanes.isEmpty && lanes.upperBound <= batchSize, "the lanes are of the batch")
    let rows = lanes.count * windowLength
    weights = PackedWeights(
      configuration: configuration, kernels: processor.kernels, hasVocabularyTable: false,
      hasBackward: true)
    forward = ForwardPass(
      configuration: configuration, batchSize: batchSize, lanes: lanes,
      windowLength: windowLength, hasVocabularyTable: false, hasBackward: true, dropout: dropout,
      processor: processor)
    memory = BackwardWorkspace(
      configuration: configuration, batchSize: lanes.count, windowLength: windowLength,
      processor: processor)
    nats = AlignedBuffer(repeating: 0, count: rows)
  }

  /// The nats of each token of the last window, [T B].
  package var tokenNats: UnsafePointer<Double> { UnsafePointer(nats.start) }

  /// Starts the next window from a zero state.
  public mutating func resetState() {
    forward.resetState()
  }

  /// Starts the next window in the state after `stepCount` steps of the last one.
  public mutating func carryState(stepCount: Int) {
    forward.carryState(stepCount: stepCount)
  }

  /// Adds dL/dparameters to `gradients`, where L is the mean of the whole batch's nats.
  /// - Parameters:
  ///   - inputs: [stepCount lanes] token ids, all below V.
  ///   - targets: [stepCount lanes], the tokens that follow them.
  ///   - stepCount: 1 ... T.
  ///   - parameters: those of the network.
  ///   - gradients: a float for each parameter, to which the gradients are added.
  ///   - dropoutStream: the source of this window's masks.
  ///   - visit: receives the logits of consecutive rows, [some x V], valid during the call.
  ///   - whenFinal: called as the backward pass proceeds, with the offset from which on all
  ///     gradients of the layout are final; at last with 0.
  /// - Returns: the sum of the tokens' nats.
  public mutating func accumulateGradients(
    inputs: UnsafePointer<UInt16>, targets: UnsafePointer<UInt16>, stepCount: Int,
    parameters: borrowing ParameterBuffer, into gradients: inout ParameterBuffer,
    dropoutStream: RandomStream, visitingLogits visit: (MatrixView) -> Void = { _ in },
    whenFinal: (_ offset: Int) -> Void = { _ in }
  ) -> Double {
    forward.masks.draw(
      from: dropoutStream, stepCount: stepCount, parameters: parameters, processor: processor)
    weights.pack(parameters, masks: forward.masks, processor: processor)
    forward.run(
      inputs, stepCount: stepCount, embedding: parameters.matrix(parameters.layout.embedding),
      weights: weights)
    let sum = backwardThroughOutput(
      targets: targets, stepCount: stepCount, parameters: parameters, into: gradients, visit)
    let layout = parameters.layout
    whenFinal(layout.firstOutputTensor.offset)
    for layer in (0..<configuration.layerCount).reversed() {
      backwardThroughLayer(layer, stepCount: stepCount, into: gradients)
      whenFinal(layer > 0 ? layout.layers[layer].inputWeight.offset : 0)
    }
    return sum
  }

  /// The forward and the backward pass of projection and softmax, in blocks of rows, so that memory
  /// does not grow with T B V.
  private func backwardThroughOutput(
    targets: UnsafePointer<UInt16>, stepCount: Int, parameters: borrowing ParameterBuffer,
    into gradients: borrowing ParameterBuffer, _ visit: (MatrixView) -> Void
  ) -> Double {
    let kernels = processor.kernels
    let layout = gradients.layout
    let output = forward.finalOutput(stepCount: stepCount)
    let outputGradient = memory.finalOutputGradient.rows(0..<output.rowCount)
    let scale = 1 / Float(stepCount * batchSize)
    let packed = weights.outputBackward
    let nats = nats.start
    var first = 0
    while first < output.rowCount {
      let block = first..<min(output.rowCount, first + memory.logits.rowCount)
      let logits = memory.logits.rows(0..<block.count)
      forward.computeLogits(
        output.rows(block), bias: parameters.matrix(layout.outputBias), weights: weights,
        into: logits)
      visit(logits)
      processor.team.forEachRange(of: block.count) { rows, _ in
        let start = block.lowerBound + rows.lowerBound
        kernels.crossEntropyGradient(
          logits.rows(rows), targets: targets + start, nats: nats + start, scale: scale)
        kernels.multiply(
          logits.rows(rows), by: packed, into: outputGradient.rows(start..<start + rows.count))
      }
      addWeightGradient(
        logits, output.rows(block), into: gradients.matrix(layout.outputWeight),
        bias: gradients.matrix(layout.outputBias))
      first = block.upperBound
    }
    backwardThroughProjection(outputGradient, stepCount: stepCount, into: gradients)
    return UnsafeBufferPointer(start: nats, count: output.rowCount).reduce(0, +)
  }

  /// From dL/d(projected output) to dL/d(output of the last layer), if the output is projected.
  private func backwardThroughProjection(
    _ gradient: MatrixView, stepCount: Int, into gradients: borrowing ParameterBuffer
  ) {
    guard let packed = weights.projectionBackward,
      let tensor = gradients.layout.outputProjection
    else { return }
    addWeightGradient(
      gradient, forward.output(of: configuration.layerCount - 1, stepCount: stepCount),
      into: gradients.matrix(tensor))
    processor.multiply(
      gradient, by: packed, into: memory.layerGradients.output.rows(0..<gradient.rowCount))
  }
}

/// The masks of the last window, for tests; empty if nothing is dropped.
extension BackpropagationThroughTime {
  /// [layers][B][H] if locked, else [layers][T B][H].
  package var outputMasks: [[[Double]]] {
    (0..<configuration.layerCount).compactMap { forward.masks.output(of: $0) }.map(rows)
  }

  /// [V]
  package var embeddingMask: [Double] {
    forward.masks.embedding.map(rows)?.first ?? []
  }

  /// [layers][G H][H]
  package var recurrentMasks: [[[Double]]] {
    (0..<configuration.layerCount).compactMap { forward.masks.recurrentWeight(of: $0) }.map(rows)
  }
}

private func rows(_ mask: MatrixView) -> [[Double]] {
  (0..<mask.rowCount).map { row in
    (0..<mask.columnCount).map { Double(mask.row(row)[$0]) }
  }
}
