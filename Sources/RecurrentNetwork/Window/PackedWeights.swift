import Kernels

/// A network's weights in the form that products read, packed once and used by every step of a
/// window.
///
/// If weights do not change between windows, `vocabularyTable` holds layer 0's input sums of every
/// token, computed once. Otherwise each window makes a table of the tokens in it (`InputTable`).
struct PackedWeights: ~Copyable, Sendable {
  let hasVocabularyTable: Bool
  let hasBackward: Bool
  private let configuration: NetworkConfiguration
  private let arena: FloatArena
  private let vocabularyTableSlot: ArenaPlan.Slot?
  private let layerSlots: [LayerSlots]
  private let projectionSlot, projectionBackwardSlot: ArenaPlan.PackedSlot?
  private let outputSlot: ArenaPlan.PackedSlot
  private let outputBackwardSlot: ArenaPlan.PackedSlot?

  private struct LayerSlots {
    let bias: ArenaPlan.Slot
    let separateBias: ArenaPlan.Slot
    let normalization: NormalizationSlots?
    let input: ArenaPlan.PackedSlot
    let recurrent: RecurrentSlots
    let inputBackward: ArenaPlan.PackedSlot?
    let recurrentBackward: RecurrentSlots?
  }

  /// `LayerNormalization`
  private struct NormalizationSlots {
    let gain, bias, separateGain, separateBias: ArenaPlan.Slot
  }

  /// `PackedRecurrentWeights` of the forward or the backward pass.
  private struct RecurrentSlots {
    let fused: ArenaPlan.PackedSlot
    let separate: ArenaPlan.PackedSlot?
  }

  /// - Parameters:
  ///   - hasVocabularyTable: whether layer 0 looks up the input sums of the whole vocabulary.
  ///   - hasBackward: whether the matrices of the backward pass are packed, too.
  ///   - precision: of the matrices that steps read; the table of the vocabulary is computed in
  ///     floats, from floats.
  init(
    configuration: NetworkConfiguration, kernels: KernelSet, hasVocabularyTable: Bool,
    hasBackward: Bool, precision: WeightPrecision = .float32
  ) {
    self.configuration = configuration
    self.hasVocabularyTable = hasVocabularyTable
    self.hasBackward = hasBackward
    let gateSize = configuration.gateSize
    let hiddenSize = configuration.hiddenSize
    let separateSize = configuration.recurrentCell.separateGateCount * hiddenSize
    let fusedSize = gateSize - separateSize
    let vocabularySize = configuration.vocabularySize
    var plan = ArenaPlan()
    func packed(
      _ depth: Int, _ columns: Int, _ precision: WeightPrecision = precision
    ) -> ArenaPlan.PackedSlot {
      plan.reservePacked(depth: depth, columns: columns, precision: precision, kernels: kernels)
    }
    vocabularyTableSlot =
      hasVocabularyTable ? plan.reserve(rows: vocabularySize, columns: gateSize) : nil
    layerSlots = (0..<configuration.layerCount).map { layer in
      let inputSize = configuration.inputSize(layer: layer)
      return LayerSlots(
        bias: plan.reserve(rows: 1, columns: gateSize),
        separateBias: plan.reserve(rows: 1, columns: separateSize),
        normalization: configuration.normalizationGroups.map { _ in
          NormalizationSlots(
            gain: plan.reserve(rows: 1, columns: gateSize),
            bias: plan.reserve(rows: 1, columns: gateSize),
            separateGain: plan.reserve(rows: 1, columns: separateSize),
            separateBias: plan.reserve(rows: 1, columns: separateSize))
        },
        input: packed(
          inputSize, gateSize, layer == 0 && hasVocabularyTable ? .float32 : precision),
        recurrent: RecurrentSlots(
          fused: packed(hiddenSize, fusedSize),
          separate: separateSize > 0 ? packed(hiddenSize, separateSize) : nil),
        inputBackward: hasBackward ? packed(gateSize, inputSize) : nil,
        recurrentBackward: hasBackward
          ? RecurrentSlots(
            fused: packed(fusedSize, hiddenSize),
            separate: separateSize > 0 ? packed(separateSize, hiddenSize) : nil) : nil)
    }
    let outputSize = configuration.outputSize
    let projectsOutput = configuration.projectsOutput
    projectionSlot = projectsOutput ? packed(hiddenSize, outputSize) : nil
    projectionBackwardSlot =
      projectsOutput && hasBackward ? packed(outputSize, hiddenSize) : nil
    outputSlot = packed(outputSize, vocabularySize)
    outputBackwardSlot = hasBackward ? packed(vocabularySize, outputSize) : nil
    arena = FloatArena(plan)
  }

  /// Layer 0's input sums of each token, [V x G H].
  var vocabularyTable: MatrixView? { vocabularyTableSlot.map { arena.view($0) } }
  /// The initial value of the input sums, [1 x G H]: b_ih, plus b_hh for the fused gates
  /// (`RecurrentCell`); 0 if the sums are normalized.
  func bias(layer: Int) -> MatrixView { arena.view(layerSlots[layer].bias) }
  /// x [rows x in] -> [rows x G H]
  func input(layer: Int) -> PackedMatrixView { arena.view(layerSlots[layer].input) }
  /// h [rows x H] -> recurrent sums [rows x G H]
  func recurrent(layer: Int) -> PackedRecurrentWeights {
    view(layerSlots[layer].recurrent, layer: layer)
  }
  /// dL/dz [rows x G H] -> dL/dx [rows x in]
  func inputBackward(layer: Int) -> PackedMatrixView {
    arena.view(layerSlots[layer].inputBackward!)
  }
  /// dL/d(recurrent sums) [rows x G H] -> dL/dh [rows x H]
  func recurrentBackward(layer: Int) -> PackedRecurrentWeights {
    view(layerSlots[layer].recurrentBackward!, layer: layer)
  }
  /// h [rows x H] -> p [rows x E], if the output is projected
  var projection: PackedMatrixView? { projectionSlot.map { arena.view($0) } }
  /// dL/dp [rows x E] -> dL/dh [rows x H], if the output is projected
  var projectionBackward: PackedMatrixView? { projectionBackwardSlot.map { arena.view($0) } }
  /// h [rows x H], or p, -> logits [rows x V]
  var output: PackedMatrixView { arena.view(outputSlot) }
  /// dL/dlogits [rows x V] -> dL/dh [rows x H], or dL/dp
  var outputBackward: PackedMatrixView { arena.view(outputBackwardSlot!) }

  private func view(_ slots: RecurrentSlots, layer: Int) -> PackedRecurrentWeights {
    PackedRecurrentWeights(
      fused: arena.view(slots.fused), separate: slots.separate.map { arena.view($0) },
      separateBias: arena.view(layerSlots[layer].separateBias),
      normalization: normalization(layer: layer))
  }

  private func normalization(layer: Int) -> LayerNormalization? {
    guard let slots = layerSlots[layer].normalization,
      let groupSize = configuration.normalizationGroupSize
    else { return nil }
    return LayerNormalization(
      groupSize: groupSize, hiddenSize: configuration.hiddenSize, gain: arena.view(slots.gain),
      bias: arena.view(slots.bias), separateGain: arena.view(slots.separateGain),
      separateBias: arena.view(slots.separateBias))
  }

  /// Packs `parameters` again, without masks.
  mutating func pack(_ parameters: borrowing ParameterBuffer, processor: Processor) {
    let masks = DropoutMasks(
      configuration: configuration, batchSize: 1, lanes: 0..<1, windowLength: 1, dropout: .none)
    pack(parameters, masks: masks, processor: processor)
  }

  /// Packs `parameters` again, the recurrent weights under `masks`.
  mutating func pack(
    _ parameters: borrowing ParameterBuffer, masks: borrowing DropoutMasks, processor: Processor
  ) {
    let layout = parameters.layout
    for index in layout.layers.indices {
      packLayer(
        index, parameters, recurrentWeight: masks.maskedRecurrentWeight(of: index),
        processor: processor)
    }
    packOutput(parameters, processor: processor)
    if let table = vocabularyTable {
      processor.multiply(
        parameters.matrix(layout.embedding), by: input(layer: 0), bias: bias(layer: 0), into: table)
    }
  }

  /// - Parameter recurrentWeight: replaces the parameters' W_hh, if given.
  private func packLayer(
    _ layer: Int, _ parameters: borrowing ParameterBuffer, recurrentWeight: MatrixView?,
    processor: Processor
  ) {
    let tensors = parameters.layout.layers[layer]
    let inputWeight = parameters.matrix(tensors.inputWeight)
    let recurrentWeight = recurrentWeight ?? parameters.matrix(tensors.recurrentWeight)
    processor.pack(inputWeight, transposed: true, into: input(layer: layer))
    pack(recurrentWeight, transposed: true, into: recurrent(layer: layer), processor: processor)
    if hasBackward {
      processor.pack(inputWeight, into: inputBackward(layer: layer))
      pack(recurrentWeight, into: recurrentBackward(layer: layer), processor: processor)
    }
    let normalization = normalization(layer: layer)
    if let normalization, let gain = tensors.inputGain {
      normalization.gain.copy(from: parameters.matrix(gain))
      if let gain = tensors.recurrentGain {
        normalization.separateGain.copy(from: parameters.matrix(gain))
      }
    }
    // The sums' initial values stay 0 if the biases follow the normalization.
    let bias = normalization?.bias ?? self.bias(layer: layer)
    let separateBias = normalization?.separateBias ?? recurrent(layer: layer).separateBias
    let recurrentBias = parameters.matrix(tensors.recurrentBias)
    let fusedSize = bias.columnCount - separateBias.columnCount
    bias.copy(from: parameters.matrix(tensors.inputBias))
    processor.kernels.addColumnSums(
      of: recurrentBias, into: bias.start, columns: 0..<fusedSize)
    separateBias.copy(from: recurrentBias.columns(fusedSize..<bias.columnCount))
  }

  /// Packs the rows of the fused and of the separate gates.
  private func pack(
    _ weight: MatrixView, transposed: Bool = false, into packed: PackedRecurrentWeights,
    processor: Processor
  ) {
    let fusedSize = weight.rowCount - packed.separateBias.columnCount
    processor.pack(weight.rows(0..<fusedSize), transposed: transposed, into: packed.fused)
    if let separate = packed.separate {
      processor.pack(
        weight.rows(fusedSize..<weight.rowCount), transposed: transposed, into: separate)
    }
  }

  private func packOutput(_ parameters: borrowing ParameterBuffer, processor: Processor) {
    let weight = parameters.matrix(parameters.layout.outputWeight)
    processor.pack(weight, transposed: true, into: output)
    if hasBackward { processor.pack(weight, into: outputBackward) }
    guard let tensor = parameters.layout.outputProjection else { return }
    let projectionWeight = parameters.matrix(tensor)
    if let projection { processor.pack(projectionWeight, transposed: true, into: projection) }
    if let projectionBackward { processor.pack(projectionWeight, into: projectionBackward) }
  }
}

extension Processor {
  /// `KernelSet.pack`, split by panels.
  fileprivate func pack(
    _ matrix: MatrixView, transposed: Bool = false, into packed: PackedMatrixView
  ) {
    team.forEachRange(of: packed.columnCount, grain: kernels.panelWidth) { columns, _ in
      kernels.pack(
        transposed ? matrix.rows(columns) : matrix.columns(columns), transposed: transposed,
        into: packed.columns(columns))
    }
  }
}
