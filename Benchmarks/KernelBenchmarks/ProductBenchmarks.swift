import Benchmark
import Kernels

/// The products of a training step for the sizes in charlm's table of results: half of a batch's rows, as one of two
/// threads has them.
func addProductBenchmarks() {
  let sizes = [
    (rows: 25, hidden: 128, gates: 512, tokens: 2_500),
    (rows: 25, hidden: 256, gates: 768, tokens: 5_000),
    (rows: 16, hidden: 256, gates: 1_024, tokens: 2_048),
    (rows: 25, hidden: 512, gates: 2_048, tokens: 2_500),
    (rows: 32, hidden: 1_024, gates: 4_096, tokens: 8_192),
  ]
  for size in sizes {
    addProduct("recurrent", rows: size.rows, depth: size.hidden, columns: size.gates)
    addProduct("recurrent, back", rows: size.rows, depth: size.gates, columns: size.hidden)
    addProduct("projection", rows: size.tokens / 2, depth: size.hidden, columns: 65)
    addWeightGradient(rows: size.gates, depth: size.tokens, columns: size.hidden)
  }
}

private func addProduct(_ name: String, rows: Int, depth: Int, columns: Int) {
  let kernels = KernelSet(.best)
  Benchmark("product: \(name) \(rows) x \(depth) x \(columns)") { benchmark, matrices in
    for _ in benchmark.scaledIterations {
      kernels.multiply(matrices[0], by: matrices.packed, into: matrices[2])
    }
  } setup: {
    Matrices(
      [(rows, depth), (depth, columns), (rows, columns)], packing: 1, kernels: kernels)
  }
}

/// Half of the rows of a' b.
private func addWeightGradient(rows: Int, depth: Int, columns: Int) {
  let kernels = KernelSet(.best)
  Benchmark("product: weight gradient \(rows / 2) x \(depth) x \(columns)") { benchmark, matrices in
    for _ in benchmark.scaledIterations {
      kernels.addTransposedProduct(
        matrices[0], matrices[1], into: matrices[2], rows: 0..<rows / 2,
        scratch: matrices[3].start)
    }
  } setup: {
    Matrices(
      [
        (depth, rows), (depth, columns), (rows, columns),
        (1, kernels.transposedScratchCount(columns: columns)),
      ], kernels: kernels)
  }
}
