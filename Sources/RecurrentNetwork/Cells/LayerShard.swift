import Kernels

/// What one thread computes of a layer's step: some rows of the batch or some of the units.
///
/// Rows never meet, so a thread can take its rows through all steps of a window without waiting. But then
/// every thread reads the whole of W_hh at every step, from beyond its second-level cache if that is large.
/// Units need the state of all others after each step, for which threads wait for each other; in turn each
/// reads its own share of W_hh only, once for all rows.
struct LayerShard {
  let rows: Range<Int>
  let units: Range<Int>
  /// H
  let hiddenSize: Int

  /// Calls `body` with the columns of `sums`, [rows x gates H], that belong to the shard's units: gate
  /// by gate, or all at once if the shard has all units.
  func forEachGateColumns(
    of sums: MatrixView, fromEnd: Bool = false, _ body: (_ columns: Range<Int>) -> Void
  ) {
    if units.count == hiddenSize { return body(0..<sums.columnCount) }
    let gateCount = sums.columnCount / hiddenSize
    for number in 0..<gateCount {
      let gate = fromEnd ? gateCount - 1 - number : number
      body(gate * hiddenSize + units.lowerBound..<gate * hiddenSize + units.upperBound)
    }
  }
}

/// Whether threads share a layer's rows or its units (`LayerShard`). Results are the same to the bit.
struct Sharding {
  let batchSize: Int
  let hiddenSize: Int
  let isByUnits: Bool

  /// Floats of W_hh from which on it does not stay in a second-level cache (3 MB).
  private static let largeWeightCount = 3 << 18
  /// Floats of W_hh from which on one row is worth two threads' meeting after each step (1 MB).
  static let sharedWeightCount = 1 << 18

  /// Threads share rows, whatever the network.
  init(byRowsOf batchSize: Int, hiddenSize: Int) {
    self.batchSize = batchSize
    self.hiddenSize = hiddenSize
    isByUnits = false
  }

  /// The cut that is faster for this network.
  init(gateSize: Int, hiddenSize: Int, batchSize: Int, processor: Processor) {
    self.batchSize = batchSize
    self.hiddenSize = hiddenSize
    // Packed gates can be cut where each begins with a panel of its own.
    let canShardUnits = hiddenSize.isMultiple(of: processor.kernels.panelWidth)
    let weightCount = gateSize * hiddenSize
    let limit =
      batchSize < processor.team.threadCount ? Self.sharedWeightCount : Self.largeWeightCount
    isByUnits = canShardUnits && weightCount >= limit
  }
}
