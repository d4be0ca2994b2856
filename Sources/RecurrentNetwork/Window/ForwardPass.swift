import Kernels

/// The forward pass through a window of at most T steps of B rows, and the memory of all
/// activations.
///
/// Tokens are stored step by step: row `step * B + lane`. The final state of a window can be
/// carried into the next one. The input sums of a layer are one product over all rows. The
/// recurrence is sharded (`LayerShard`); by rows, which are independent, threads wait for each other
/// only between layers. `NetworkConfiguration` explains the letters.
struct ForwardPass: ~Copyable {
  let configuration: NetworkConfiguration
  let processor: Processor
  /// B, or the lanes of it that run here
  let batchSize: Int
  /// T
  let windowLength: Int
  let shards: WorkGrid
  /// The masks of the current window.
  var masks: DropoutMasks
  /// The table of the current window; unused if the weights have a table of the vocabulary.
  private(set) var inputTable: InputTable
  private let arena: FloatArena
  private let layerSlots: [LayerSlots]
  /// The projected output, if there is a projection.
  private let projectedSlot: ArenaPlan.Slot?

  private struct LayerSlots {
    let gates: ArenaPlan.Slot
    let separate: ArenaPlan.Slot?
    let hidden: ArenaPlan.Slot
    let cell: ArenaPlan.Slot?
    let saved: ArenaPlan.Slot?
    let normalizedGates, normalizedSeparate: NormalizedSlots?
    /// Nil if the output is the hidden state itself.
    let output: ArenaPlan.Slot?
  }

  /// `NormalizedSums`
  private struct NormalizedSlots {
    let values, scales: ArenaPlan.Slot
  }

  /// - Parameters:
  ///   - batchSize: B of the whole batch.
  ///   - lanes: those of its rows that run here; nil for all.
  ///   - hasVocabularyTable: whether the weights will have one (`PackedWeights`).
  ///   - hasBackward: whether a backward pass follows.
  ///   - dropout: decides which masks there are; they are drawn before each window.
  init(
    configuration: NetworkConfiguration, batchSize wholeBatchSize: Int, lanes: Range<Int>? = nil,
    windowLength: Int, hasVocabularyTable: Bool, hasBackward: Bool, dropout: Dropout,
    processor: Processor
  ) {
    let lanes = lanes ?? 0..<wholeBatchSize
    let batchSize = lanes.count
    self.configuration = configuration
    self.batchSize = batchSize
    self.windowLength = windowLength
    self.processor = processor
    shards = configuration.shards(
      batchSize: batchSize, windowLength: windowLength, processor: processor)
    let hiddenSize = configuration.hiddenSize
    let rows = windowLength * batchSize
    let cell = configuration.recurrentCell
    var plan = ArenaPlan()
    func normalized(gates: Int) -> NormalizedSlots? {
      guard hasBackward, gates > 0, let groups = configuration.normalizationGroups else {
        return nil
      }
      return NormalizedSlots(
        values: plan.reserve(rows: rows, columns: gates * hiddenSize),
        scales: plan.reserve(rows: rows, columns: gates * groups))
    }
    layerSlots = (0..<configuration.layerCount).map { layer in
      LayerSlots(
        gates: plan.reserve(rows: rows, columns: configuration.gateSize),
        separate: cell.separateGateCount > 0
          ? plan.reserve(rows: rows, columns: cell.separateGateCount * hiddenSize) : nil,
        hidden: plan.reserve(rows: rows + batchSize, columns: hiddenSize),
        cell: configuration.cell.stateVectorCount > 1
          ? plan.reserve(rows: rows + batchSize, columns: hiddenSize) : nil,
        saved: cell.savesActivation ? plan.reserve(rows: rows, columns: hiddenSize) : nil,
        normalizedGates: normalized(gates: configuration.cell.gateCount),
        normalizedSeparate: normalized(gates: cell.separateGateCount),
        output: dropout.layerOutput > 0 || configuration.addsInput(layer: layer)
          ? plan.reserve(rows: rows, columns: hiddenSize) : nil)
    }
    projectedSlot =
      configuration.projectsOutput
      ? plan.reserve(rows: rows, columns: configuration.outputSize) : nil
    masks = DropoutMasks(
      configuration: configuration, batchSize: wholeBatchSize, lanes: lanes,
      windowLength: windowLength, dropout: dropout)
    inputTable = InputTable(
      configuration: configuration, tokenCount: hasVocabularyTable ? 0 : rows)
    arena = FloatArena(plan)
  }

  // MARK: Activations

  @inline(__always)
  func layer(_ index: Int) -> LayerActivations {
    let slots = layerSlots[index]
    return LayerActivations(
      batchSize: batchSize, gates: arena.view(slots.gates),
      separate: slots.separate.map { arena.view($0) }, hidden: arena.view(slots.hidden),
      cell: slots.cell.map { arena.view($0) }, saved: slots.saved.map { arena.view($0) },
      normalizedGates: slots.normalizedGates.map { view($0) },
      normalizedSeparate: slots.normalizedSeparate.map { view($0) })
  }

  private func view(_ slots: NormalizedSlots) -> NormalizedSums {
    NormalizedSums(values: arena.view(slots.values), scales: arena.view(slots.scales))
  }

  /// The output of layer `index`, [stepCount B x H]: its hidden state with dropout applied, plus
  /// its input if the network is residual.
  func output(of index: Int, stepCount: Int) -> MatrixView {
    if let output = layerSlots[index].output {
      return arena.view(output).rows(0..<stepCount * batchSize)
    }
    return layer(index).hiddenAfter(stepCount: stepCount)
  }

  /// What the projection to logits reads: the output of the last layer, projected if the network
  /// does so, [stepCount B x H] or [stepCount B x E].
  func finalOutput(stepCount: Int) -> MatrixView {
    if let projectedSlot { return arena.view(projectedSlot).rows(0..<stepCount * batchSize) }
    return output(of: configuration.layerCount - 1, stepCount: stepCount)
  }

  // MARK: Computation

  /// Runs the window of `tokens` [stepCount B] through all layers.
  mutating func run(
    _ tokens: UnsafePointer<UInt16>, stepCount: Int, embedding: MatrixView,
    weights: borrowing PackedWeights
  ) {
    precondition(stepCount <= windowLength, "the window is longer than its memory")
    let kernels = processor.kernels
    let cell = configuration.recurrentCell
    for index in layerSlots.indices {
      let layer = layer(index)
      var lookUp: InputTableRows?
      if index == 0 {
        lookUp = self.lookUp(tokens, stepCount: stepCount, embedding: embedding, weights: weights)
      } else {
        processor.multiply(
          output(of: index - 1, stepCount: stepCount), by: weights.input(layer: index),
          bias: weights.bias(layer: index), into: layer.gates.rows(0..<stepCount * batchSize))
      }
      let recurrentWeights = weights.recurrent(layer: index)
      processor.forEachStep(0..<stepCount, shards: shards) { [lookUp] step, shard in
        lookUp?.copy(into: layer, step: step, shard: shard, kernels: kernels)
        cell.forward(layer, step: step, shard: shard, weights: recurrentWeights, kernels: kernels)
      }
      let output = output(of: index, stepCount: stepCount)
      masks.dropOutput(
        of: index, from: layer.hiddenAfter(stepCount: stepCount), into: output,
        processor: processor)
      if configuration.addsInput(layer: index) {
        processor.add(self.output(of: index - 1, stepCount: stepCount), to: output)
      }
    }
    if let projection = weights.projection {
      processor.multiply(
        output(of: configuration.layerCount - 1, stepCount: stepCount), by: projection,
        into: finalOutput(stepCount: stepCount))
    }
  }

  /// The logits, [rows x V], of some rows of `finalOutput`.
  func computeLogits(
    _ output: MatrixView, bias: MatrixView, weights: borrowing PackedWeights,
    into logits: MatrixView
  ) {
    processor.multiply(output, by: weights.output, bias: bias, into: logits)
  }

  /// Layer 0's input sums of `tokens`, from the table of the vocabulary if there is one, else from
  /// the window's.
  private mutating func lookUp(
    _ tokens: UnsafePointer<UInt16>, stepCount: Int, embedding: MatrixView,
    weights: borrowing PackedWeights
  ) -> InputTableRows {
    if let table = weights.vocabularyTable { return InputTableRows(table: table, rows: tokens) }
    inputTable.fill(
      tokens, count: stepCount * batchSize, embedding: embedding, masks: masks, weights: weights,
      processor: processor)
    return inputTable.lookUp
  }
}

/// The states of the rows, in the pass's memory and as `RecurrentState`.
extension ForwardPass {
  /// Starts every row from a zero state.
  mutating func resetState() {
    for index in 0..<configuration.layerCount {
      for vector in layer(index).state(after: 0) { vector.fill(with: 0) }
    }
  }

  /// Starts the next window in the state after `stepCount` steps of the last one.
  mutating func carryState(stepCount: Int) {
    for index in 0..<configuration.layerCount {
      let layer = layer(index)
      for (first, last) in zip(layer.state(after: 0), layer.state(after: stepCount)) {
        first.copy(from: last)
      }
    }
  }

  /// Sets the state of row `row` after `stepCount` steps of the window (0: before it).
  mutating func setState(
    ofRow row: Int, after stepCount: Int = 0, to state: RecurrentState
  ) {
    state.values.withUnsafeBufferPointer { values in
      var position = values.baseAddress!
      forEachStateVector(ofRow: row, after: stepCount) { vector, count in
        vector.update(from: position, count: count)
        position += count
      }
    }
  }

  /// Overwrites `state`, a state of this network, with that of row `row` after `stepCount` steps of
  /// the window (0: before it).
  func copyState(ofRow row: Int, after stepCount: Int, into state: inout RecurrentState) {
    state.values.withUnsafeMutableBufferPointer { values in
      var position = values.baseAddress!
      forEachStateVector(ofRow: row, after: stepCount) { vector, count in
        position.update(from: vector, count: count)
        position += count
      }
    }
  }

  /// Visits the state vectors of a row, each of H numbers, in the order of `RecurrentState.values`.
  private func forEachStateVector(
    ofRow row: Int, after stepCount: Int, _ visit: (UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    for index in 0..<configuration.layerCount {
      for vector in layer(index).state(after: stepCount) {
        visit(vector.row(row), vector.columnCount)
      }
    }
  }
}
