import Kernels

/// One thread's share of a layer's time step: some rows of the batch, or some of the units.
///
/// Rows are independent, so a thread can take its rows through all steps of a window without
/// synchronization. But then every thread reads all of W_hh at each step, from beyond its
/// second-level cache if W_hh is large. Sharding by units needs a barrier after each step, because
/// units need the state of all others, but each thread reads only its own share of W_hh, once for
/// all rows.
struct LayerShard {
  let rows: Range<Int>
  let units: Range<Int>
  /// H
  let hiddenSize: Int

  /// Calls `body` with the columns of `sums`, [rows x gates H], that belong to the shard's units:
  /// gate by gate, or all at once if the shard has all units.
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

/// How threads share a layer: by rows or by units (`LayerShard`). Results are bit-identical.
struct Sharding {
  let batchSize: Int
  let hiddenSize: Int
  /// The units of a shard are a multiple of this number; nil if it has all units.
  let unitGrain: Int?

  /// At this many floats or more, W_hh does not stay in a second-level cache (3 MB).
  private static let largeWeightCount = 3 << 18
  /// At this many floats of W_hh or more, sharding by units pays even for one row, despite a
  /// barrier at each step (1 MB).
  static let sharedWeightCount = 1 << 18

  /// Sharding by rows, whatever the size of the network.
  init(byRowsOf batchSize: Int, hiddenSize: Int) {
    self.batchSize = batchSize
    self.hiddenSize = hiddenSize
    unitGrain = nil
  }

  /// The faster kind of sharding for a network's layers.
  init(_ configuration: NetworkConfiguration, batchSize: Int, processor: Processor) {
    self.batchSize = batchSize
    hiddenSize = configuration.hiddenSize
    // Packed gates can be sharded if each begins with a panel of its own; units that are normalized
    // together stay together.
    let panelWidth = processor.kernels.panelWidth
    let grain = configuration.normalizationGroupSize.map { groupSize in
      groupSize.isMultiple(of: panelWidth) ? groupSize : groupSize * panelWidth
    }
    let unitGrain = grain ?? panelWidth
    let weightCount = configuration.gateSize * hiddenSize
    let limit =
      batchSize < processor.team.threadCount ? Self.sharedWeightCount : Self.largeWeightCount
    let canShardUnits = hiddenSize.isMultiple(of: unitGrain) && hiddenSize >= 2 * unitGrain
    self.unitGrain = canShardUnits && weightCount >= limit ? unitGrain : nil
  }
}
