import Kernels

/// The normalization of a layer's sums (`NetworkConfiguration.normalizationGroups`).
struct LayerNormalization {
  /// The units that are normalized together.
  let groupSize: Int
  /// H
  let hiddenSize: Int
  /// Of the sums of all gates, [1 x G H] each: gain_ih, and b_ih plus b_hh for the fused gates.
  let gain, bias: MatrixView
  /// Of the recurrent sums of the separate gates, [1 x (G - J) H] each: gain_hh and b_hh.
  let separateGain, separateBias: MatrixView

  /// Normalizes the sums of one time step of a shard.
  func apply(to layer: LayerActivations, step: Int, shard: LayerShard, kernels: KernelSet) {
    let rows = shard.rows
    apply(
      to: layer.gates(step, rows), gain, bias, keeping: layer.normalizedGates(step, rows),
      units: shard.units, kernels: kernels)
    if layer.separate != nil {
      apply(
        to: layer.separate(step, rows), separateGain, separateBias,
        keeping: layer.normalizedSeparate(step, rows), units: shard.units, kernels: kernels)
    }
  }

  private func apply(
    to sums: MatrixView, _ gain: MatrixView, _ bias: MatrixView, keeping kept: NormalizedSums?,
    units: Range<Int>, kernels: KernelSet
  ) {
    kernels.normalize(
      sums, gain: gain, bias: bias, normalized: kept?.values, scales: kept?.scales,
      hiddenSize: hiddenSize, units: units, groupSize: groupSize)
  }

  /// Turns the gradients of the normalized sums in `layer` into those of the sums, and adds each
  /// row's gradients of gain and bias to `gradient`, if it has a place for them.
  /// - Parameter isLast: whether the step is the first of the backward pass.
  func applyBackward(
    _ layer: LayerActivations, _ gradient: LayerGradients, step: Int, isLast: Bool,
    shard: LayerShard, kernels: KernelSet
  ) {
    let rows = shard.rows
    applyBackward(
      layer.gates(step, rows), layer.normalizedGates(step, rows)!, gain,
      gradient.normalizationOfGates?.rows(rows), isLast: isLast, units: shard.units,
      kernels: kernels)
    if layer.separate != nil {
      applyBackward(
        layer.separate(step, rows), layer.normalizedSeparate(step, rows)!, separateGain,
        gradient.normalizationOfSeparate?.rows(rows), isLast: isLast, units: shard.units,
        kernels: kernels)
    }
  }

  private func applyBackward(
    _ gradient: MatrixView, _ kept: NormalizedSums, _ gain: MatrixView,
    _ sums: NormalizationGradients?, isLast: Bool, units: Range<Int>, kernels: KernelSet
  ) {
    if isLast { sums?.clear(units: units, hiddenSize: hiddenSize) }
    kernels.normalizeBackward(
      gradient, normalized: kept.values, scales: kept.scales, gain: gain,
      gainGradient: sums?.gain, biasGradient: sums?.bias, hiddenSize: hiddenSize, units: units,
      groupSize: groupSize)
  }
}

/// What the backward pass of a normalization needs of sums [rows x blocks H].
struct NormalizedSums {
  /// [rows x blocks H]: the sums divided by their group's root mean square.
  let values: MatrixView
  /// [rows x blocks groups]: the reciprocal of that root.
  let scales: MatrixView

  func block(_ index: Int, of count: Int) -> NormalizedSums {
    NormalizedSums(
      values: values.block(index, of: count), scales: scales.block(index, of: count))
  }

  func rows(_ range: Range<Int>) -> NormalizedSums {
    NormalizedSums(values: values.rows(range), scales: scales.rows(range))
  }
}

/// The gradients of gain and bias, a sum over time for each row of the batch, [B x blocks H]: rows
/// are added up last, in order, so that the number of threads does not matter.
struct NormalizationGradients {
  let gain, bias: MatrixView

  func rows(_ range: Range<Int>) -> NormalizationGradients {
    NormalizationGradients(gain: gain.rows(range), bias: bias.rows(range))
  }

  func clear(units: Range<Int>, hiddenSize: Int) {
    for matrix in [gain, bias] {
      for row in 0..<matrix.rowCount {
        for block in 0..<matrix.columnCount / hiddenSize {
          (matrix.row(row) + block * hiddenSize + units.lowerBound)
            .update(repeating: 0, count: units.count)
        }
      }
    }
  }
}
