import Kernels

/// What parts of a product cost, in multiply-adds: as many as a core does in the same time at its
/// peak. Fitted to speeds of two cores with AVX2 and 512 kB of second-level cache (docs/threads.md),
/// except `copy`, which is an estimate.
enum WorkCost {
  /// To read a weight that a core's second-level cache does not hold, during products.
  static let farWeight = 0.3
  /// A barrier of all threads.
  static let barrier = 150_000.0
  /// To copy a number of one side of a weight gradient's product.
  static let copy = 3

  /// The product of rows with so many weights. 2 or 3 rows take as long as 4, because each sum waits
  /// for its previous addition. A single row has a kernel of its own, which waits for weights.
  static func product(rows: Int, weightCount: Int) -> Double {
    Double(weightCount) * Double(rows == 1 ? 2 : max(rows, 4))
  }
}

/// Products and time steps that threads share; results are bit-identical for any number of threads.
extension Processor {
  /// c = bias + a B
  func multiply(
    _ a: MatrixView, by packed: PackedMatrixView, bias: MatrixView, into c: MatrixView
  ) {
    team.forEachPart(of: gridOfProduct(c, packed)) { rows, columns, _ in
      kernels.multiply(
        a.rows(rows), by: packed.columns(columns), bias: bias.columns(columns),
        into: c.rows(rows).columns(columns))
    }
  }

  /// c = a B, or c += a B
  func multiply(
    _ a: MatrixView, by packed: PackedMatrixView, into c: MatrixView, adding: Bool = false
  ) {
    team.forEachPart(of: gridOfProduct(c, packed)) { rows, columns, _ in
      kernels.multiply(
        a.rows(rows), by: packed.columns(columns), into: c.rows(rows).columns(columns),
        adding: adding)
    }
  }

  /// The parts of c = a B.
  private func gridOfProduct(_ c: MatrixView, _ packed: PackedMatrixView) -> WorkGrid {
    WorkGrid(
      rows: WorkGrid.Side(count: c.rowCount),
      columns: WorkGrid.Side(count: c.columnCount, grain: kernels.panelWidth),
      partCount: team.threadCount
    ) { rows, columns, rowParts, columnParts in
      WorkCost.product(rows: rows, weightCount: packed.depth * columns)
        + (rowParts * columnParts > 1 ? WorkCost.barrier : 0)
    }
  }

  /// The parts of c += a' b, whose cost is that of the products, and of the copies of a and b.
  func gridOfWeightGradient(_ c: MatrixView) -> WorkGrid {
    WorkGrid(
      rows: WorkGrid.Side(count: c.rowCount, grain: 6),
      columns: WorkGrid.Side(count: c.columnCount, grain: kernels.panelWidth),
      partCount: team.threadCount
    ) { rows, columns, _, _ in
      Double(rows * columns + WorkCost.copy * (rows + columns))
    }
  }

  /// c += a, split by rows.
  func add(_ a: MatrixView, to c: MatrixView) {
    team.forEachRange(of: c.rowCount) { rows, _ in kernels.add(a.rows(rows), to: c.rows(rows)) }
  }

  /// nats[row] = -log softmax(logits of the row)[target of the row], split by rows.
  /// - Parameters:
  ///   - logits: [rows x V].
  ///   - targets: [rows], all below V.
  ///   - nats: [rows], overwritten.
  func crossEntropy(
    _ logits: MatrixView, targets: UnsafePointer<UInt16>, nats: UnsafeMutablePointer<Double>
  ) {
    team.forEachRange(of: logits.rowCount) { rows, _ in
      let start = rows.lowerBound
      kernels.crossEntropy(logits.rows(rows), targets: targets + start, nats: nats + start)
    }
  }

  /// Calls `body` for each step of a window in order, for the shards of a layer.
  func forEachStep<Steps: RandomAccessCollection<Int>>(
    _ steps: Steps, shards: WorkGrid, _ body: (_ step: Int, _ shard: LayerShard) -> Void
  ) {
    func shard(_ rows: Range<Int>, _ units: Range<Int>) -> LayerShard {
      LayerShard(rows: rows, units: units, hiddenSize: shards.columns.count)
    }
    if shards.columnParts > 1 {
      team.forEachStep(of: steps.count, grid: shards) { number, rows, units, _ in
        body(steps[steps.index(steps.startIndex, offsetBy: number)], shard(rows, units))
      }
    } else {
      team.forEachPart(of: shards) { rows, units, _ in
        let shard = shard(rows, units)
        for step in steps { body(step, shard) }
      }
    }
  }
}
