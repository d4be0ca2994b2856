import Kernels

/// Measures the speed of one matrix product, split over the threads along the rows of the result,
/// as in training.
package enum ProductBenchmark {
  /// The rows of a weight gradient are split at the borders of the kernel's tiles.
  private static let gradientGrain = 6

  /// - Returns: the speed of one product; packed operands are packed once, as within a window.
  package static func measure(
    _ shape: ProductShape, processor: Processor, seconds: Double
  ) -> Speed {
    let timing =
      shape.role == .weightGradient
      ? gradientTiming(shape, processor, seconds) : timing(shape, processor, seconds)
    return Speed(
      timing: timing,
      operationCount: UsefulOperations.product(
        rows: shape.rows, depth: shape.depth, columns: shape.columns))
  }

  private static func timing(
    _ shape: ProductShape, _ processor: Processor, _ seconds: Double
  ) -> Timing {
    let kernels = processor.kernels
    var plan = ArenaPlan()
    let left = plan.reserve(rows: shape.rows, columns: shape.depth)
    let source = plan.reserve(rows: shape.depth, columns: shape.columns)
    let right = plan.reservePacked(
      depth: shape.depth, columns: shape.columns, kernels: kernels)
    let product = plan.reserve(rows: shape.rows, columns: shape.columns)
    let arena = FloatArena(plan)
    let (a, b, c) = (arena.view(left), arena.view(right), arena.view(product))
    fill(a)
    fill(arena.view(source))
    kernels.pack(arena.view(source), into: b)
    return Timing.measure(for: seconds) { count in
      processor.team.forEachRange(of: shape.rows) { rows, _ in
        let (a, c) = (a.rows(rows), c.rows(rows))
        for _ in 0..<count { kernels.multiply(a, by: b, into: c) }
      }
    }
  }

  private static func gradientTiming(
    _ shape: ProductShape, _ processor: Processor, _ seconds: Double
  ) -> Timing {
    let kernels = processor.kernels
    var plan = ArenaPlan()
    let left = plan.reserve(rows: shape.depth, columns: shape.rows)
    let right = plan.reserve(rows: shape.depth, columns: shape.columns)
    let product = plan.reserve(rows: shape.rows, columns: shape.columns)
    let working = plan.reserve(
      rows: processor.team.threadCount,
      columns: kernels.transposedScratchCount(columns: shape.columns))
    let arena = FloatArena(plan)
    let (a, b, c) = (arena.view(left), arena.view(right), arena.view(product))
    let scratch = arena.view(working)
    fill(a)
    fill(b)
    return Timing.measure(for: seconds) { count in
      processor.team.forEachRange(of: shape.rows, grain: gradientGrain) { rows, part in
        for _ in 0..<count {
          kernels.addTransposedProduct(a, b, into: c, rows: rows, scratch: scratch.row(part))
        }
      }
    }
  }

  /// Fills `matrix` with small numbers, whose sums stay finite however often they are added.
  private static func fill(_ matrix: MatrixView) {
    var stream = RandomStream(seed: 1, purpose: 3)
    for index in 0..<matrix.count {
      matrix.start[index] = Float(stream.nextUniform() - 0.5)
    }
  }
}
