import CKernels

/// RMS normalization of sums in groups of units.
extension KernelSet {
  /// Normalizes the units `units` of each block of H columns, in place.
  ///
  /// For a group of n sums z of one row and one block:
  ///
  /// ```
  /// scale = 1 / sqrt(mean(z^2) + 1e-5)
  /// normalized = z * scale
  /// z becomes gain * normalized + bias
  /// ```
  ///
  /// Zhang & Sennrich 2019, "Root mean square layer normalization".
  /// - Parameters:
  ///   - sums: [rows x blocks H].
  ///   - gain: [1 x blocks H].
  ///   - bias: [1 x blocks H].
  ///   - normalized: [rows x blocks H], if it is kept.
  ///   - scales: [rows x blocks H / n], if they are kept.
  ///   - hiddenSize: H.
  ///   - units: the columns to compute, of each block.
  ///   - groupSize: n, a divisor of H and of the bounds of `units`.
  public func normalize(
    _ sums: MatrixView, gain: MatrixView, bias: MatrixView, normalized: MatrixView?,
    scales: MatrixView?, hiddenSize: Int, units: Range<Int>, groupSize: Int
  ) {
    assert(sums.columnCount % hiddenSize == 0 && gain.columnCount == sums.columnCount)
    assert(units.lowerBound % groupSize == 0 && units.count % groupSize == 0)
    let first = units.lowerBound
    table.pointee.normalize(
      sums.start + first, gain.start + first, bias.start + first,
      normalized.map { $0.start + first }, scales.map { $0.start + first / groupSize },
      sums.rowCount, sums.columnCount / hiddenSize, hiddenSize, units.count, groupSize)
  }

  /// The gradient of `normalize`.
  /// - Parameters:
  ///   - gradient: [rows x blocks H], that of the results; receives that of the sums.
  ///   - normalized: [rows x blocks H], a result of `normalize`.
  ///   - scales: [rows x blocks H / n], a result of `normalize`.
  ///   - gain: [1 x blocks H].
  ///   - gainGradient: [rows x blocks H], to which each row adds its own gradients; nil if they are
  ///     not needed.
  ///   - biasGradient: likewise.
  ///   - hiddenSize: H.
  ///   - units: the columns to compute, of each block.
  ///   - groupSize: n, as in `normalize`.
  public func normalizeBackward(
    _ gradient: MatrixView, normalized: MatrixView, scales: MatrixView, gain: MatrixView,
    gainGradient: MatrixView?, biasGradient: MatrixView?, hiddenSize: Int, units: Range<Int>,
    groupSize: Int
  ) {
    assert(gradient.columnCount % hiddenSize == 0 && gain.columnCount == gradient.columnCount)
    assert(units.lowerBound % groupSize == 0 && units.count % groupSize == 0)
    let first = units.lowerBound
    table.pointee.normalize_backward(
      gradient.start + first, normalized.start + first, scales.start + first / groupSize,
      gain.start + first, gainGradient.map { $0.start + first },
      biasGradient.map { $0.start + first }, gradient.rowCount, gradient.columnCount / hiddenSize,
      hiddenSize, units.count, groupSize)
  }
}
