import Kernels

/// The backward pass through the recurrent layers and the embedding.
extension BackpropagationThroughTime {
  /// The rows of gradients that stay in a second-level cache while two passes read them; also the
  /// depth that products of weight gradients take at a time.
  private static let blockRowCount = 128

  /// From dL/d(output of the layer) to the layer's weight gradients and dL/d(output of the layer
  /// below), or to the gradient of the embedding.
  func backwardThroughLayer(
    _ index: Int, stepCount: Int, into gradients: borrowing ParameterBuffer
  ) {
    let kernels = processor.kernels
    let layer = forward.layer(index)
    let layerGradients = memory.layerGradients
    let tensors = gradients.layout.layers[index]
    let rows = 0..<stepCount * layer.batchSize
    let outputGradient = layerGradients.output.rows(rows)
    forward.masks.dropOutput(
      of: index, from: outputGradient, into: layerGradients.hidden.rows(rows),
      processor: processor)
    let cell = configuration.recurrentCell
    let recurrentWeights = weights.recurrentBackward(layer: index)
    processor.forEachStep((0..<stepCount).reversed(), shards: forward.shards) { step, shard in
      cell.backward(
        layer, layerGradients, step: step, isLast: step == stepCount - 1, shard: shard,
        weights: recurrentWeights, kernels: kernels)
    }
    let isNormalized = tensors.inputGain != nil
    if isNormalized { addNormalizationGradients(tensors, into: gradients) }
    let table = index == 0 ? clearedTable() : nil
    addRecurrentGradients(
      of: index, stepCount: stepCount, weight: gradients.matrix(tensors.recurrentWeight),
      bias: isNormalized ? nil : gradients.matrix(tensors.recurrentBias), table: table)
    let inputBias = isNormalized ? nil : gradients.matrix(tensors.inputBias)
    if let table {
      return backwardThroughTable(table.table, inputBias: inputBias, into: gradients)
    }
    let gates = layer.gates.rows(rows)
    addWeightGradient(
      gates, forward.output(of: index - 1, stepCount: stepCount),
      into: gradients.matrix(tensors.inputWeight), bias: inputBias)
    processor.multiply(
      gates, by: weights.inputBackward(layer: index), into: outputGradient,
      adding: configuration.addsInput(layer: index))
  }

  /// The gradients of gains and biases that follow a normalization: the sums over the rows.
  private func addNormalizationGradients(
    _ tensors: ParameterLayout.Layer, into gradients: borrowing ParameterBuffer
  ) {
    let layerGradients = memory.layerGradients
    guard let gates = layerGradients.normalizationOfGates, let inputGain = tensors.inputGain
    else { return }
    let recurrentBias = gradients.matrix(tensors.recurrentBias)
    add(gates.gain, to: gradients.matrix(inputGain))
    add(gates.bias, to: gradients.matrix(tensors.inputBias))
    let separate = layerGradients.normalizationOfSeparate
    let fused = 0..<gates.bias.columnCount - (separate?.bias.columnCount ?? 0)
    add(gates.bias.columns(fused), to: recurrentBias.columns(fused))
    if let separate, let recurrentGain = tensors.recurrentGain {
      add(separate.gain, to: gradients.matrix(recurrentGain))
      add(
        separate.bias,
        to: recurrentBias.columns(fused.upperBound..<recurrentBias.columnCount))
    }
  }

  /// sums [1 x columns] += the sums of the columns of `rows`, split by columns.
  private func add(_ rows: MatrixView, to sums: MatrixView) {
    let kernels = processor.kernels
    processor.team.forEachRange(of: rows.columnCount, grain: 16) { columns, _ in
      kernels.addColumnSums(of: rows, into: sums.start, columns: columns)
    }
  }

  /// The gradients of W_hh under its mask, of b_hh and, for layer 0, of the window's `table`.
  /// - Parameter bias: nil if b_hh has its gradient from a normalization.
  private func addRecurrentGradients(
    of index: Int, stepCount: Int, weight: MatrixView, bias: MatrixView?, table: InputTableRows?
  ) {
    let layer = forward.layer(index)
    guard let masked = forward.masks.maskedRecurrentWeight(of: index) else {
      addRecurrentGradients(
        layer, stepCount: stepCount, weight: weight, bias: bias, table: table)
      return
    }
    processor.team.forEachRange(of: masked.rowCount) { rows, _ in
      masked.rows(rows).fill(with: 0)
    }
    addRecurrentGradients(layer, stepCount: stepCount, weight: masked, bias: bias, table: table)
    forward.masks.addRecurrentGradient(of: index, to: weight, processor: processor)
  }

  /// The gradients of W_hh, of b_hh and of the table; those of the separate gates come from
  /// `layer.separate`.
  private func addRecurrentGradients(
    _ layer: LayerActivations, stepCount: Int, weight: MatrixView, bias: MatrixView?,
    table: InputTableRows?
  ) {
    let hidden = layer.hiddenBefore(stepCount: stepCount)
    let gates = layer.gates.rows(0..<hidden.rowCount)
    let fused = 0..<layer.fusedGates.columnCount
    addWeightGradient(
      gates.columns(fused), hidden, into: weight.rows(fused), bias: bias?.columns(fused),
      sums: table.map { InputTableGradient(gates, summedBy: $0, columns: fused) })
    if let separateGates = layer.separate?.rows(0..<hidden.rowCount) {
      let separate = fused.upperBound..<weight.rowCount
      addWeightGradient(
        separateGates, hidden, into: weight.rows(separate), bias: bias?.columns(separate),
        sums: table.map { InputTableGradient(gates, summedBy: $0, columns: separate) })
    }
  }

  /// Reuses the window's table, no longer needed, as scratch space for the sums of each token's
  /// gradients.
  private func clearedTable() -> InputTableRows {
    let lookUp = forward.inputTable.lookUp
    processor.team.forEachRange(of: lookUp.table.rowCount) { rows, _ in
      lookUp.table.rows(rows).fill(with: 0)
    }
    return lookUp
  }

  /// From the gradient of the window's table, [D x G H], to those of layer 0's input weight, its
  /// bias and the embedding.
  private func backwardThroughTable(
    _ gradient: MatrixView, inputBias: MatrixView?, into gradients: borrowing ParameterBuffer
  ) {
    let layout = gradients.layout
    let ids = forward.inputTable.ids
    let embedded = forward.inputTable.embedded
    addWeightGradient(
      gradient, embedded, into: gradients.matrix(layout.layers[0].inputWeight),
      bias: inputBias)
    processor.multiply(gradient, by: weights.inputBackward(layer: 0), into: embedded)
    forward.masks.dropSymbols(from: embedded, tokens: ids, processor: processor)
    let (kernels, embedding) = (processor.kernels, gradients.matrix(layout.embedding))
    processor.team.forEachRange(of: embedded.rowCount) { rows, _ in
      kernels.scatterAddRows(of: embedded.rows(rows), ids + rows.lowerBound, into: embedding)
    }
  }

  /// c += a' b, in parts of c: a [rows x m], b [rows x n], c [m x n].
  /// - Parameters:
  ///   - bias: [1 x m]; if given, the sums of a's columns, its gradient, are added to it.
  ///   - sums: if given, also adds up each token's gradients, whose columns are a's, in blocks just
  ///     before the product reads the same rows.
  func addWeightGradient(
    _ a: MatrixView, _ b: MatrixView, into c: MatrixView, bias: MatrixView? = nil,
    sums: InputTableGradient? = nil
  ) {
    let kernels = processor.kernels
    let scratch = memory.scratch
    let blockSize = sums == nil ? a.rowCount : Self.blockRowCount
    processor.team.forEachPart(of: processor.gridOfWeightGradient(c)) { rows, columns, part in
      // The sums are of a alone, so one of the parts with these rows adds them.
      let isFirst = columns.lowerBound == 0
      for first in stride(from: 0, to: a.rowCount, by: blockSize) {
        let block = first..<min(a.rowCount, first + blockSize)
        if isFirst { sums?.add(block, columns: rows, kernels: kernels) }
        kernels.addTransposedProduct(
          a.rows(block), b.rows(block).columns(columns), into: c.columns(columns), rows: rows,
          columnSums: isFirst ? bias?.start : nil, scratch: scratch.row(part))
      }
    }
  }
}
