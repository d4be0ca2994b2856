import Kernels

/// The way back through the recurrent layers and the embedding.
extension BackpropagationThroughTime {
  /// From dL/d(output of the layer) to the layer's weight gradients and dL/d(output of the layer below), or
  /// to the gradient of the embedding.
  func backwardThroughLayer(
    _ index: Int, stepCount: Int, into gradients: borrowing ParameterBuffer
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
    if index == 0 { return backwardThroughTable(gates, into: gradients) }
    addWeightGradient(
      gates, forward.output(of: index - 1, stepCount: stepCount),
      into: gradients.matrix(tensors.inputWeight), bias: gradients.matrix(tensors.inputBias))
    processor.multiply(gates, by: weights.inputBackward(layer: index), into: outputGradient)
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

  /// From layer 0's `gradient` of the input sums, [T B x G H], to those of its input weight, its bias and the
  /// embedding. It takes the memory of the window's table, which has done its work.
  private func backwardThroughTable(
    _ gradient: MatrixView, into gradients: borrowing ParameterBuffer
  ) {
    let layout = gradients.layout
    let ids = forward.tokenTable.ids
    let lookUp = forward.tokenTable.lookUp
    let embedded = forward.tokenTable.embedded
    processor.team.forEachRange(of: lookUp.table.rowCount) { rows, _ in
      lookUp.table.rows(rows).fill(with: 0)
    }
    scatterAdd(gradient, lookUp.rows, into: lookUp.table)
    addWeightGradient(
      lookUp.table, embedded, into: gradients.matrix(layout.layers[0].inputWeight),
      bias: gradients.matrix(layout.layers[0].inputBias))
    processor.multiply(lookUp.table, by: weights.inputBackward(layer: 0), into: embedded)
    forward.masks.dropSymbols(from: embedded, tokens: ids, processor: processor)
    scatterAdd(embedded, ids, into: gradients.matrix(layout.embedding))
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

  private func scatterAdd(
    _ source: MatrixView, _ ids: UnsafePointer<UInt16>, into destination: MatrixView
  ) {
    let kernels = processor.kernels
    processor.team.forEachRange(of: source.columnCount, grain: 16) { columns, _ in
      kernels.scatterAddRows(of: source, ids, into: destination, columns: columns)
    }
  }
}
