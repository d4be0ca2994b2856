import Kernels

/// Where each token of a window finds layer 0's input sums.
struct TokenLookUp {
  /// [some tokens x G H]
  let table: MatrixView
  /// Of each token of the window, the row of `table`, [T B].
  let rows: UnsafePointer<UInt16>

  /// Copies the sums of one step's part to where the recurrence goes on from them: just before that does, so
  /// that it finds them in the cache.
  func copy(into layer: LayerActivations, step: Int, shard: LayerShard, kernels: KernelSet) {
    let sums = layer.gates(step, shard.rows)
    let rows = rows + step * layer.batchSize + shard.rows.lowerBound
    let gateCount = sums.columnCount / shard.hiddenSize
    shard.forEachGateColumns(gateCount, fromEnd: false) { columns in
      kernels.gatherRows(of: table.columns(columns), rows, into: sums.columns(columns))
    }
  }
}
