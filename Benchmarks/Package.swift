// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that users of charlm never resolve what only its measurements need.
let package = Package(
  name: "charlm-benchmarks",
  dependencies: [
    .package(name: "charlm", path: ".."),
    // Without its traits: neither allocations nor reference counts are measured here.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    // The plug-in finds benchmarks in a folder below one named Benchmarks, which is this package's.
    .executableTarget(
      name: "KernelBenchmarks",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "Kernels", package: "charlm"),
        .product(name: "Tokenization", package: "charlm"),
        .product(name: "Generation", package: "charlm"),
      ],
      path: "KernelBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ],
  swiftLanguageModes: [.v6]
)
