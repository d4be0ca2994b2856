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

extension NetworkConfiguration {
  /// The shards of a layer's time steps, rows by units, for the threads of `processor`: those by
  /// which a step of a window probably takes the least time. Results are bit-identical for all.
  package func shards(batchSize: Int, windowLength: Int, processor: Processor) -> WorkGrid {
    shards(
      batchSize: batchSize, windowLength: windowLength, panelWidth: processor.kernels.panelWidth,
      threadCount: processor.team.threadCount, cacheSize: Processor.secondLevelCacheSize)
  }

  /// - Parameter cacheSize: of a core's second-level cache, in bytes.
  package func shards(
    batchSize: Int, windowLength: Int, panelWidth: Int, threadCount: Int, cacheSize: Int
  ) -> WorkGrid {
    // Packed gates can be divided if each begins with a panel of its own; units that are normalized
    // together stay together.
    let grain =
      normalizationGroupSize.map { $0.isMultiple(of: panelWidth) ? $0 : $0 * panelWidth }
      ?? panelWidth
    let unitGrain = hiddenSize.isMultiple(of: grain) ? grain : hiddenSize
    return WorkGrid(
      rows: WorkGrid.Side(count: batchSize),
      columns: WorkGrid.Side(count: hiddenSize, grain: unitGrain), partCount: threadCount
    ) { rows, units, rowParts, unitParts in
      let weightCount = gateSize * units  // of W_hh
      // Steps read W_hh in alternating directions, so what the cache holds is not read again.
      let farCount = max(0, weightCount - cacheSize / MemoryLayout<Float>.size)
      let barriers = unitParts > 1 ? 1 : rowParts > 1 ? 1 / Double(windowLength) : 0
      return WorkCost.product(rows: rows, weightCount: weightCount)
        + WorkCost.farWeight * Double(farCount) + WorkCost.barrier * barriers
    }
  }

  /// All units together, for computations that need the complete state of a row.
  func rowShards(batchSize: Int, processor: Processor) -> WorkGrid {
    WorkGrid(
      rows: WorkGrid.Side(count: batchSize),
      columns: WorkGrid.Side(count: hiddenSize, grain: hiddenSize),
      rowParts: min(batchSize, processor.team.threadCount), columnParts: 1)
  }
}
