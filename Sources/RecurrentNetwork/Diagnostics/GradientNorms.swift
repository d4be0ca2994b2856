import Kernels

/// The norms of dL/dh_t, and for an LSTM of dL/dc_t, by the distance of time step t from the loss:
/// how far back in a text the loss of one prediction still reaches.
///
/// ```swift
/// import Kernels
/// import RecurrentNetwork
///
/// var norms = GradientNorms(
///   weights: weights, layer: 0, furthestDistance: 100, processor: Processor(threadCount: 2))
/// let curves = norms.measure(
///   windowCount: 200, tokenCount: tokens.count, copyingTokens: tokens.copy)
/// print(curves[0].medians[10])  // |dL/dh_t| ten characters before the loss, divided by that at it
/// ```
///
/// In each window of T = `furthestDistance` + 1 steps L is the loss of a single prediction, that
/// after the last step:
///
/// ```
/// L = -log p(token_T | token_0 ... token_{T-1}),   h_t is T - 1 - t steps ahead of it
/// ```
///
/// The gradient is that of training, computed by the cell's own backward pass. Where |dL/dh_t| is a
/// thousandth, so is what step t adds to the gradient of the weights: the network cannot learn from
/// that far back (Hochreiter 1991, "Untersuchungen zu dynamischen neuronalen Netzen"; Bengio,
/// Simard & Frasconi 1994, "Learning long-term dependencies with gradient descent is difficult").
///
/// dL/dh_t counts all paths from h_t to the loss, with c_t held fixed; dL/dc_t those from c_t,
/// where h_t = o * tanh(c_t) depends on it. c_t is where an LSTM has its constant error carousel:
/// from one step to the previous one, dL/dc_t is multiplied by the forget gate alone, not by
/// weights.
public struct GradientNorms: ~Copyable {
  let weights: NetworkWeights
  let layer: Int
  /// T
  let stepCount: Int
  let processor: Processor
  private var forward: ForwardPass
  private let packed: PackedWeights
  private let arena: FloatArena
  private let outputSlot, hiddenSlot: ArenaPlan.Slot
  private let stateGradientSlot: ArenaPlan.Slot
  private let logitsSlot: ArenaPlan.Slot

  /// The number of windows that run side by side.
  private static let batchSize = 16

  /// - Parameters:
  ///   - weights: the network.
  ///   - layer: the layer whose states are examined, from 0.
  ///   - furthestDistance: in tokens, at least 1.
  ///   - processor: the instruction set and the threads to compute with.
  public init(
    weights: NetworkWeights, layer: Int, furthestDistance: Int, processor: Processor
  ) {
    let configuration = weights.configuration
    precondition(0..<configuration.layerCount ~= layer, "there is no such layer")
    precondition(furthestDistance >= 1, "the furthest distance is at least a step")
    let (batchSize, stepCount) = (Self.batchSize, furthestDistance + 1)
    let rows = batchSize * stepCount
    var packed = PackedWeights(
      configuration: configuration, kernels: processor.kernels, hasVocabularyTable: false,
      hasBackward: true)
    packed.pack(weights.parameters, processor: processor)
    self.packed = packed
    forward = ForwardPass(
      configuration: configuration, batchSize: batchSize, windowLength: stepCount,
      hasVocabularyTable: false, hasBackward: true, dropout: .none, processor: processor)
    var plan = ArenaPlan()
    let hiddenSlot = plan.reserve(rows: rows, columns: configuration.hiddenSize)
    self.hiddenSlot = hiddenSlot
    outputSlot =
      configuration.isResidual
      ? plan.reserve(rows: rows, columns: configuration.hiddenSize) : hiddenSlot
    stateGradientSlot = plan.reserve(rows: batchSize, columns: configuration.hiddenSize)
    logitsSlot = plan.reserve(rows: batchSize, columns: configuration.vocabularySize)
    arena = FloatArena(plan)
    self.weights = weights
    self.layer = layer
    self.stepCount = stepCount
    self.processor = processor
  }

  // MARK: A text

  /// The curves of dL/dh_t and, for an LSTM, of dL/dc_t, from windows spread evenly over a text.
  ///
  /// Each window starts in the state after reading as many tokens before it as it has steps, or
  /// fewer in a short text.
  /// - Parameters:
  ///   - windowCount: at least 1; a short text has fewer windows.
  ///   - tokenCount: the number of tokens in the text, at least `furthestDistance` + 2; all are
  ///     below V.
  ///   - copyTokens: copies a range of tokens to the front of a buffer.
  public mutating func measure(
    windowCount: Int, tokenCount: Int,
    copyingTokens copyTokens: (Range<Int>, UnsafeMutableBufferPointer<UInt16>) -> Void
  ) -> [GradientCurve] {
    precondition(tokenCount > stepCount, "the text is shorter than a window")
    precondition(windowCount >= 1, "there must be a window")
    let warmUp = min(stepCount, (tokenCount - 1 - stepCount) / 2)
    let starts = Self.starts(
      from: warmUp, through: tokenCount - 1 - stepCount, count: windowCount)
    var norms: [[[Double]]] = []
    var first = 0
    while first < starts.count {
      let batch = starts[first..<min(starts.count, first + Self.batchSize)]
      let windows = batch.map { start in
        [UInt16](unsafeUninitializedCapacity: warmUp + stepCount + 1) { buffer, count in
          count = warmUp + stepCount + 1
          copyTokens(start - warmUp..<start + stepCount + 1, buffer)
        }
      }
      norms += self.norms(windows, warmUp: warmUp)
      first += batch.count
    }
    let vectors = weights.configuration.cell.stateVectorCount
    return (0..<vectors).map { vector in GradientCurve(norms: norms.map { $0[vector] }) }
  }

  /// Up to `count` different numbers of a range, spread evenly.
  private static func starts(from first: Int, through last: Int, count: Int) -> [Int] {
    let count = min(count, last - first + 1)
    guard count > 1 else { return [last] }
    return (0..<count).map { first + (last - first) * $0 / (count - 1) }
  }

  // MARK: A batch of windows

  /// The norms, [windows][state vectors][distances].
  /// - Parameter windows: at most 16 of `warmUp` + T + 1 tokens each: those read only for the
  ///   state, those of the T steps, and the target.
  package mutating func norms(_ windows: [[UInt16]], warmUp: Int) -> [[[Double]]] {
    precondition(!windows.isEmpty && windows.count <= Self.batchSize)
    forward.resetState()
    if warmUp > 0 {
      run(windows, positions: 0..<warmUp)
      forward.carryState(stepCount: warmUp)
    }
    run(windows, positions: warmUp..<warmUp + stepCount)
    backwardThroughOutput(targets: column(windows, position: warmUp + stepCount))
    for layer in (self.layer + 1..<weights.configuration.layerCount).reversed() {
      backwardThroughLayer(layer)
    }
    return normsOfLayer(windowCount: windows.count)
  }

  /// The tokens at one position of all windows; rows without a window repeat the first one.
  private func column(_ windows: [[UInt16]], position: Int) -> [UInt16] {
    (0..<Self.batchSize).map { windows[$0 < windows.count ? $0 : 0][position] }
  }

  private mutating func run(_ windows: [[UInt16]], positions: Range<Int>) {
    let inputs = positions.flatMap { column(windows, position: $0) }
    let embedding = weights.parameters.matrix(weights.parameters.layout.embedding)
    forward.run(inputs, stepCount: positions.count, embedding: embedding, weights: packed)
  }

  private var gradients: LayerGradients {
    LayerGradients(
      batchSize: Self.batchSize, output: arena.view(outputSlot), hidden: arena.view(hiddenSlot),
      stateGradient: arena.view(stateGradientSlot), normalizationOfGates: nil,
      normalizationOfSeparate: nil)
  }

  /// dL/d(output of the top layer): that of the last step alone, 0 for all others.
  private func backwardThroughOutput(targets: [UInt16]) {
    let gradients = gradients
    let logits = arena.view(logitsSlot)
    let output = forward.finalOutput(stepCount: stepCount)
    let bias = weights.parameters.matrix(weights.parameters.layout.outputBias)
    forward.computeLogits(
      output.block(stepCount - 1, of: Self.batchSize), bias: bias, weights: packed, into: logits)
    var nats = Array(repeating: 0.0, count: targets.count)
    let kernels = processor.kernels
    kernels.crossEntropyGradient(logits, targets: targets, nats: &nats, scale: 1)
    gradients.output.fill(with: 0)
    let last = gradients.output.block(stepCount - 1, of: Self.batchSize)
    if let projection = packed.projectionBackward {
      // The forward pass is over: the projected outputs' memory is free for their gradient.
      let projected = output.block(stepCount - 1, of: Self.batchSize)
      kernels.multiply(logits, by: packed.outputBackward, into: projected)
      kernels.multiply(projected, by: projection, into: last)
    } else {
      kernels.multiply(logits, by: packed.outputBackward, into: last)
    }
  }

  /// From dL/d(output of the layer) to that of the layer below.
  private func backwardThroughLayer(_ index: Int) {
    let gradients = gradients
    let layer = forward.layer(index)
    let cell = weights.configuration.recurrentCell
    let kernels = processor.kernels
    let recurrent = packed.recurrentBackward(layer: index)
    let stepCount = stepCount
    copyOutputGradient(of: index)
    processor.forEachStep((0..<stepCount).reversed(), shards: forward.shards) { step, shard in
      cell.backward(
        layer, gradients, step: step, isLast: step == stepCount - 1, shard: shard,
        weights: recurrent, kernels: kernels)
    }
    processor.multiply(
      layer.gates, by: packed.inputBackward(layer: index), into: gradients.output,
      adding: weights.configuration.addsInput(layer: index))
  }

  /// The backward pass of a layer adds to the gradient of its hidden states.
  private func copyOutputGradient(of index: Int) {
    forward.masks.dropOutput(
      of: index, from: gradients.output, into: gradients.hidden, processor: processor)
  }

  private func normsOfLayer(windowCount: Int) -> [[[Double]]] {
    let gradients = gradients
    let layer = forward.layer(layer)
    let configuration = weights.configuration
    let (cell, kind) = (configuration.recurrentCell, configuration.cell)
    let vectorCount = kind.stateVectorCount
    let kernels = processor.kernels
    let recurrent = packed.recurrentBackward(layer: self.layer)
    let stepCount = stepCount
    copyOutputGradient(of: self.layer)
    // [B][state vectors][T]; each thread writes its own rows.
    let norms = AlignedBuffer<Double>(
      repeating: 0, count: Self.batchSize * vectorCount * stepCount)
    let start = norms.start
    let shards = configuration.rowShards(batchSize: Self.batchSize, processor: processor)
    processor.forEachStep((0..<stepCount).reversed(), shards: shards) { step, shard in
      cell.receiveGradient(
        layer, gradients, step: step, isLast: step == stepCount - 1, shard: shard,
        weights: recurrent, kernels: kernels)
      for row in shard.rows {
        let vectors = kind.stateGradients(layer, gradients, step: step, row: row)
        for (vector, values) in vectors.enumerated() {
          let sum = kernels.sumOfSquares(values, count: values.count)
          start[(row * vectorCount + vector) * stepCount + stepCount - 1 - step] =
            sum.squareRoot()
        }
      }
      cell.computeSumGradients(
        layer, gradients, step: step, isLast: step == stepCount - 1, shard: shard,
        weights: recurrent, kernels: kernels)
    }
    return (0..<windowCount).map { row in
      (0..<vectorCount).map { vector in
        (0..<stepCount).map { start[(row * vectorCount + vector) * stepCount + $0] }
      }
    }
  }
}
