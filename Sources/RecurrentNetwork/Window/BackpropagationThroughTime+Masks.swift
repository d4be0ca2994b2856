import Kernels

/// The masks of the last window, for tests; empty where nothing is dropped.
extension BackpropagationThroughTime {
  /// [layers][B][H] when locked, else [layers][T B][H].
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
