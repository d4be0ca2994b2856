import Kernels

/// The way back through the recurrent layers and the embedding.
extension BackpropagationThroughTime {
  /// From dL/d(output of the layer) to the layer's weight gradients and dL/d(output of the layer below).
  func backwardThroughLayer(
    _ index: Int, inputs: UnsafePointer<UInt16>, stepCount: Int,
    into gradients: borrowing ParameterBuffer
  ) {
    let kernels = processor.kernels
    let layer = forward.layer(index)
    let layerGradients = memory.layerGradients
    let tensors = gradients.layout.layers[index]
    let outputGradient = layerGradients.hidden.rows(0..<stepCount * layer.batchSize)
    forward.masks.dropOutput(
      of: index, from: outputGradient, into: outputGradient, processor: processor)
    let cell = configuration.recurrentCell
    let recurrentWeights = weights.recurrentBackward(layer: index)
    processor.forEachStep((0..<stepCount).reversed(), cutting: forward.cut) { step, part in
      cell.backward(
        layer, layerGradients, step: step, isLast: step == stepCount - 1, part: part,
        weights: recurrentWeights, kernels: kernels)
    }
    let rowCount = stepCount * layer.batchSize
    let gates = layer.gates.rows(0..<rowCount)
    addRecurrentGradients(
      of: index, stepCount: stepCount, weight: gradients.matrix(tensors.recurrentWeight),
      bias: gradients.matrix(tensors.recurrentBias))
    let inputBias = gradients.matrix(tensors.inputBias)
    if index == 0, weights.usesTokenTable {
      addBiasGradient(gates, into: inputBias)
      return
    }
    addWeightGradient(
      gates, forward.input(of: index, stepCount: stepCount),
      into: gradients.matrix(tensors.inputWeight), bias: inputBias)
    let inputGradient = index == 0 ? memory.embeddedGradient! : layerGradients.hidden
    multiply(
      gates, by: weights.inputBackward(layer: index), into: inputGradient.rows(0..<rowCount))
  }

  /// The gradients of W_hh, under its mask, and of b_hh.
  private func addRecurrentGradients(
    of index: Int, stepCount: Int, weight: MatrixView, bias: MatrixView
  ) {
    let layer = forward.layer(index)
    guard let masked = forward.masks.maskedRecurrentWeight(of: index) else {
      addRecurrentGradients(layer, stepCount: stepCount, weight: weight, bias: bias)
      return
    }
    processor.team.forEachRange(of: masked.rowCount) { rows, _ in
      masked.rows(rows).fill(with: 0)
    }
    addRecurrentGradients(layer, stepCount: stepCount, weight: masked, bias: bias)
    forward.masks.addRecurrentGradient(of: index, to: weight, processor: processor)
  }

  /// The gradients of W_hh and b_hh, those of the gates apart from `layer.apart`.
  private func addRecurrentGradients(
    _ layer: LayerActivations, stepCount: Int, weight: MatrixView, bias: MatrixView
  ) {
    let hidden = layer.hiddenBefore(stepCount: stepCount)
    let joined = layer.joinedGates.rows(0..<hidden.rowCount)
    let joinedGates = 0..<joined.columnCount
    addWeightGradient(
      joined, hidden, into: weight.rows(joinedGates), bias: bias.columns(joinedGates))
    if let apart = layer.apart?.rows(0..<hidden.rowCount) {
      let gates = joined.columnCount..<weight.rowCount
      addWeightGradient(apart, hidden, into: weight.rows(gates), bias: bias.columns(gates))
    }
  }

  /// From layer 0's dL/dz, or dL/dx, to the gradient of the embedding; with a token table, to that of layer
  /// 0's input weight, too: rows of the same token are summed before they are multiplied.
  func backwardThroughEmbedding(
    inputs: UnsafePointer<UInt16>, stepCount: Int, parameters: borrowing ParameterBuffer,
    into gradients: borrowing ParameterBuffer
  ) {
    let layout = gradients.layout
    let rowCount = stepCount * forward.batchSize
    let embeddingGradient = gradients.matrix(layout.embedding)
    guard weights.usesTokenTable else {
      let embeddedGradient = memory.embeddedGradient!.rows(0..<rowCount)
      forward.masks.dropSymbols(from: embeddedGradient, tokens: inputs, processor: processor)
      scatterAdd(embeddedGradient, inputs, into: embeddingGradient)
      return
    }
    let tableGradient = memory.tokenTableGradient!
    tableGradient.fill(with: 0)
    scatterAdd(forward.layer(0).gates.rows(0..<rowCount), inputs, into: tableGradient)
    // From here on both products see symbols under the mask only, and the biases have had theirs.
    forward.masks.dropSymbols(from: tableGradient, processor: processor)
    addWeightGradient(
      tableGradient, parameters.matrix(layout.embedding),
      into: gradients.matrix(layout.layers[0].inputWeight))
    multiply(
      tableGradient, by: weights.inputBackward(layer: 0), into: embeddingGradient, adding: true)
  }

  /// c += a' b, cut along c's rows: a [rows x m], b [rows x n], c [m x n]. With a bias [1 x m], it grows by the
  /// sums of a's columns, which are its gradient.
  func addWeightGradient(
    _ a: MatrixView, _ b: MatrixView, into c: MatrixView, bias: MatrixView? = nil
  ) {
    let kernels = processor.kernels
    let scratch = memory.scratch
    processor.team.forEachRange(of: c.rowCount, grain: 6) { rows, part in
      kernels.addTransposedProduct(
        a, b, into: c, rows: rows, columnSums: bias?.start, scratch: scratch.row(part))
    }
  }

  /// bias += the sums of the columns of `gradient`.
  func addBiasGradient(_ gradient: MatrixView, into bias: MatrixView) {
    let kernels = processor.kernels
    processor.team.forEachRange(of: gradient.columnCount, grain: 16) { columns, _ in
      kernels.addColumnSums(of: gradient, into: bias.start, columns: columns)
    }
  }

  private func multiply(
    _ a: MatrixView, by packed: PackedMatrixView, into c: MatrixView, adding: Bool = false
  ) {
    let kernels = processor.kernels
    processor.team.forEachRange(of: c.rowCount) { rows, _ in
      kernels.multiply(a.rows(rows), by: packed, into: c.rows(rows), adding: adding)
    }
  }

  private func scatterAdd(
    _ source: MatrixView, _ ids: UnsafePointer<UInt16>, into destination: MatrixView
  ) {
    let kernels = processor.kernels
    processor.team.forEachRange(of: source.columnCount, grain: 16) { columns, _ in
      kernels.scatterAddRows(of: source, ids, into: destination, columns: columns)
    }
  }
}
