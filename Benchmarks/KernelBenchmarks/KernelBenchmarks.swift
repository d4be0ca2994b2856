import Benchmark

/// Single kernels on one thread, with the best instruction set of this processor.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput], warmupIterations: 5, maxDuration: .seconds(1))
  addProductBenchmarks()
  addGateBenchmarks()
  addOutputBenchmarks()
  addUpdateBenchmarks()
  addTextBenchmarks()
  addSamplerBenchmarks()
}
