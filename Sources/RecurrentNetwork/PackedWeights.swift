import Kernels

/// A network's weights in the form that products read, packed once and used by every step of a window.
///
/// Layer 0 has a shortcut: where the vocabulary is smaller than the tokens to process, `tokenTable` holds
/// W_ih x + b_ih + b_hh for every token of the vocabulary, and a look-up replaces a product for each row.
struct PackedWeights: ~Copyable, Sendable {
  let usesTokenTable: Bool
  let hasBackward: Bool
  private let configuration: NetworkConfiguration
  private let arena: FloatArena
  private let tokenTableSlot: ArenaPlan.Slot
  private let layerSlots: [LayerSlots]
  private let outputSlot: ArenaPlan.PackedSlot
  private let outputBackwardSlot: ArenaPlan.PackedSlot?

  private struct LayerSlots {
    let bias: ArenaPlan.Slot
    let input: ArenaPlan.PackedSlot
    let recurrent: ArenaPlan.PackedSlot
    let inputBackward: ArenaPlan.PackedSlot?
    let recurrentBackward: ArenaPlan.PackedSlot?
  }

  /// - Parameters:
  ///   - usesTokenTable: whether layer 0 looks its input up.
  ///   - hasBackward: whether the matrices of the backward pass are packed, too.
  init(
    configuration: NetworkConfiguration, kernels: KernelSet, usesTokenTable: Bool, hasBackward: Bool
  ) {
    self.configuration = configuration
    self.usesTokenTable = usesTokenTable
    self.hasBackward = hasBackward
    let gateSize = configuration.gateSize
    let hiddenSize = configuration.hiddenSize
    let vocabularySize = configuration.vocabularySize
    var plan = ArenaPlan()
    func packed(_ depth: Int, _ columns: Int) -> ArenaPlan.PackedSlot {
      plan.reservePacked(depth: depth, columns: columns, kernels: kernels)
    }
    tokenTableSlot = plan.reserve(
      rows: usesTokenTable ? vocabularySize : 0, columns: gateSize)
    layerSlots = (0..<configuration.layerCount).map { layer in
      let inputSize = configuration.inputSize(layer: layer)
      return LayerSlots(
        bias: plan.reserve(rows: 1, columns: gateSize),
        input: packed(inputSize, gateSize), recurrent: packed(hiddenSize, gateSize),
        inputBackward: hasBackward ? packed(gateSize, inputSize) : nil,
        recurrentBackward: hasBackward ? packed(gateSize, hiddenSize) : nil)
    }
    outputSlot = packed(hiddenSize, vocabularySize)
    outputBackwardSlot = hasBackward ? packed(vocabularySize, hiddenSize) : nil
    arena = FloatArena(plan)
  }

  /// [V x G H]
  var tokenTable: MatrixView { arena.view(tokenTableSlot) }
  /// b_ih + b_hh, [1 x G H]
  func bias(layer: Int) -> MatrixView { arena.view(layerSlots[layer].bias) }
  /// x [rows x in] -> [rows x G H]
  func input(layer: Int) -> PackedMatrixView { arena.view(layerSlots[layer].input) }
  /// h [rows x H] -> [rows x G H]
  func recurrent(layer: Int) -> PackedMatrixView { arena.view(layerSlots[layer].recurrent) }
  /// dL/dz [rows x G H] -> dL/dx [rows x in]
  func inputBackward(layer: Int) -> PackedMatrixView {
    arena.view(layerSlots[layer].inputBackward!)
  }
  /// dL/dz [rows x G H] -> dL/dh [rows x H]
  func recurrentBackward(layer: Int) -> PackedMatrixView {
    arena.view(layerSlots[layer].recurrentBackward!)
  }
  /// h [rows x H] -> logits [rows x V]
  var output: PackedMatrixView { arena.view(outputSlot) }
  /// dL/dlogits [rows x V] -> dL/dh [rows x H]
  var outputBackward: PackedMatrixView { arena.view(outputBackwardSlot!) }

  /// Packs `parameters` anew.
  mutating func pack(_ parameters: borrowing ParameterBuffer, processor: Processor) {
    let kernels = processor.kernels
    let layout = parameters.layout
    // Each matrix is packed by one thread: they are many and of like size.
    let layers = layout.layers.indices
    processor.team.forEachRange(of: layers.count + 1) { range, _ in
      for index in range {
        if index == layers.count {
          packOutput(parameters, kernels: kernels)
        } else {
          packLayer(index, parameters, kernels: kernels)
        }
      }
    }
    if usesTokenTable {
      let table = tokenTable
      let embedding = parameters.matrix(layout.embedding)
      let bias = self.bias(layer: 0)
      let weight = input(layer: 0)
      processor.team.forEachRange(of: table.rowCount) { rows, _ in
        table.rows(rows).fillRows(with: bias)
        kernels.multiply(embedding.rows(rows), by: weight, into: table.rows(rows), adding: true)
      }
    }
  }

  private func packLayer(
    _ layer: Int, _ parameters: borrowing ParameterBuffer, kernels: KernelSet
  ) {
    let tensors = parameters.layout.layers[layer]
    let inputWeight = parameters.matrix(tensors.inputWeight)
    let recurrentWeight = parameters.matrix(tensors.recurrentWeight)
    kernels.pack(inputWeight, transposed: true, into: input(layer: layer))
    kernels.pack(recurrentWeight, transposed: true, into: recurrent(layer: layer))
    if hasBackward {
      kernels.pack(inputWeight, into: inputBackward(layer: layer))
      kernels.pack(recurrentWeight, into: recurrentBackward(layer: layer))
    }
    let bias = self.bias(layer: layer)
    bias.copy(from: parameters.matrix(tensors.inputBias))
    kernels.addColumnSums(
      of: parameters.matrix(tensors.recurrentBias), into: bias.start,
      columns: 0..<bias.columnCount)
  }

  private func packOutput(_ parameters: borrowing ParameterBuffer, kernels: KernelSet) {
    let weight = parameters.matrix(parameters.layout.outputWeight)
    kernels.pack(weight, transposed: true, into: output)
    if hasBackward { kernels.pack(weight, into: outputBackward) }
  }
}
