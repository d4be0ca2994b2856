import Benchmark
import Kernels

/// What is done once a step to each of a million parameters.
func addUpdateBenchmarks() {
  let kernels = KernelSet(.best)
  let count = 1_000_000
  let rules: [(name: String, rule: UpdateRule)] = [
    ("Adam", .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)),
    ("RMSProp", .rmsProp(smoothing: 0.99, momentum: 0, epsilon: 1e-8)),
    ("SGD with momentum", .sgd(momentum: 0.9, isNesterov: false)),
  ]
  for (name, rule) in rules {
    let update = ParameterUpdate(rule: rule, learningRate: 1e-6, step: 100)
    Benchmark("update: \(name), \(count) parameters") { benchmark, matrices in
      for _ in benchmark.scaledIterations {
        kernels.update(
          matrices[0].start, range: 0..<count, gradients: matrices[1].start,
          firstMoments: matrices[2].start, secondMoments: matrices[3].start, by: update)
      }
    } setup: { () -> Matrices in
      let matrices = Matrices(Array(repeating: (1, count), count: 4), kernels: kernels)
      matrices[3].fill(with: 0.25)  // mean squares are not negative
      return matrices
    }
  }
  Benchmark("gradient norm, \(count) parameters") { benchmark, matrices in
    for _ in benchmark.scaledIterations {
      blackHole(kernels.sumOfSquares(matrices[0].start, count: count))
    }
  } setup: {
    Matrices([(1, count)], kernels: kernels)
  }
}
