import Kernels

/// Products and time steps that threads share; results are bit-identical for any number of threads.
extension Processor {
  /// c = bias + a B, split by rows, or by columns if there are fewer rows than threads and B is
  /// large.
  func multiply(
    _ a: MatrixView, by packed: PackedMatrixView, bias: MatrixView, into c: MatrixView
  ) {
    let isByColumns =
      c.rowCount < team.threadCount
      && packed.depth * packed.columnCount >= Sharding.sharedWeightCount
    if isByColumns {
      team.forEachRange(of: c.columnCount, grain: kernels.panelWidth) { columns, _ in
        kernels.multiply(
          a, by: packed.columns(columns), bias: bias.columns(columns), into: c.columns(columns))
      }
    } else {
      team.forEachRange(of: c.rowCount) { rows, _ in
        kernels.multiply(a.rows(rows), by: packed, bias: bias, into: c.rows(rows))
      }
    }
  }

  /// c = a B, or c += a B, split by rows.
  func multiply(
    _ a: MatrixView, by packed: PackedMatrixView, into c: MatrixView, adding: Bool = false
  ) {
    team.forEachRange(of: c.rowCount) { rows, _ in
      kernels.multiply(a.rows(rows), by: packed, into: c.rows(rows), adding: adding)
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
    _ steps: Steps, sharding: Sharding,
    _ body: (_ step: Int, _ shard: LayerShard) -> Void
  ) {
    let rows = 0..<sharding.batchSize
    let units = 0..<sharding.hiddenSize
    func step(_ number: Int) -> Int { steps[steps.index(steps.startIndex, offsetBy: number)] }
    if let grain = sharding.unitGrain {
      team.forEachStep(of: steps.count, count: units.count, grain: grain) {
        number, units, _ in
        body(step(number), LayerShard(rows: rows, units: units, hiddenSize: sharding.hiddenSize))
      }
    } else {
      team.forEachRange(of: rows.count) { rows, _ in
        let shard = LayerShard(rows: rows, units: units, hiddenSize: sharding.hiddenSize)
        for step in steps { body(step, shard) }
      }
    }
  }
}
