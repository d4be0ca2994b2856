import Benchmark
import Kernels

/// Softmax, loss and gradient of 256 rows of logits.
func addOutputBenchmarks() {
  let kernels = KernelSet(.best)
  let rows = 256
  for vocabularySize in [65, 6_500] {
    Benchmark("cross-entropy and gradient \(rows) x \(vocabularySize)") { benchmark, matrices in
      let targets = (0..<rows).map { UInt16($0 * 25 % vocabularySize) }
      var nats = [Double](repeating: 0, count: rows)
      for _ in benchmark.scaledIterations {
        kernels.crossEntropyGradient(matrices[0], targets: targets, nats: &nats, scale: 1)
      }
      blackHole(nats)
    } setup: {
      Matrices([(rows, vocabularySize)], kernels: kernels)
    }
  }
}
