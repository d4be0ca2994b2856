// swift-tools-version: 6.1
import PackageDescription

// The architecture, from the leaves up: a target uses only what its line names.
let package = Package(
  name: "charlm",
  products: [
    .library(name: "Tokenization", targets: ["Tokenization"]),
    .library(name: "Kernels", targets: ["Kernels"]),
    .library(name: "RecurrentNetwork", targets: ["RecurrentNetwork"]),
    .library(name: "Patterns", targets: ["Patterns"]),
    .library(name: "ModelFiles", targets: ["ModelFiles"]),
    .library(name: "Training", targets: ["Training"]),
    .library(name: "Evaluation", targets: ["Evaluation"]),
    .library(name: "Generation", targets: ["Generation"]),
    .library(name: "Compression", targets: ["Compression"]),
    .library(name: "Interchange", targets: ["Interchange"]),
    .library(name: "CharlmKit", targets: ["CharlmKit"]),
    .executable(name: "charlm", targets: ["charlm"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // C
    .systemLibrary(name: "CUTF8Proc", providers: [.apt(["libutf8proc-dev"])]),
    .systemLibrary(name: "CProcesses"),
    .systemLibrary(name: "CLibcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CUnicodeTables"),
    .target(name: "CKernels"),
    .target(name: "CBuiltInModels"),

    // The commit and the compiler, recorded before each build
    .plugin(name: "BuildRecorder", capability: .buildTool()),
    .target(name: "Provenance", plugins: ["BuildRecorder"]),

    // Libraries
    .target(name: "Storage", dependencies: ["CLibcrypto"]),
    .target(name: "Tokenization", dependencies: ["CUTF8Proc", "CUnicodeTables", "Storage"]),
    .target(name: "Patterns", dependencies: ["Tokenization"]),
    .target(name: "Kernels", dependencies: ["CKernels"]),
    .target(name: "RecurrentNetwork", dependencies: ["Kernels"]),
    .target(name: "Diagnosis", dependencies: ["Tokenization", "RecurrentNetwork"]),
    .target(
      name: "ModelFiles",
      dependencies: ["CBuiltInModels", "Storage", "Tokenization", "RecurrentNetwork"]),
    .target(name: "Processes", dependencies: ["CProcesses"]),
    .target(name: "Training", dependencies: ["ModelFiles", "Processes"]),
    .target(name: "Evaluation", dependencies: ["ModelFiles"]),
    .target(name: "Generation", dependencies: ["ModelFiles", "Patterns"]),
    .target(name: "Compression", dependencies: ["ModelFiles"]),
    .target(
      name: "Interchange", dependencies: ["ModelFiles"], resources: [.embedInCode("Python")]),
    .target(
      name: "CharlmKit",
      dependencies: ["Training", "Evaluation", "Generation", "Compression", "Interchange"]),
    .target(name: "Benchmarking", dependencies: ["Training", "Evaluation", "Generation"]),
    .target(name: "Reporting", dependencies: ["Storage", "Evaluation", "Diagnosis"]),
    .target(
      name: "Serving", dependencies: ["Storage", "Evaluation", "Generation", "Diagnosis"]),
    .target(name: "ServerLaunch"),

    // Executable
    .executableTarget(
      name: "charlm",
      dependencies: [
        "Training", "Evaluation", "Generation", "Patterns", "Compression", "Diagnosis",
        "Interchange", "Benchmarking", "Reporting", "ServerLaunch", "Processes", "Provenance",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests
    .target(
      name: "TestSupport", dependencies: ["ModelFiles"], path: "Tests/TestSupport",
      resources: [.copy("Fixtures")]),
    .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport"]),
    .testTarget(name: "TokenizationTests", dependencies: ["Tokenization"]),
    .testTarget(name: "PatternsTests", dependencies: ["Patterns", "TestSupport"]),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels"]),
    .testTarget(name: "RecurrentNetworkTests", dependencies: ["RecurrentNetwork", "TestSupport"]),
    .testTarget(
      name: "ModelFilesTests", dependencies: ["ModelFiles"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "TrainingTests", dependencies: ["Training", "Processes", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "EvaluationTests", dependencies: ["Evaluation", "Kernels", "TestSupport"]),
    .testTarget(name: "GenerationTests", dependencies: ["Generation", "Patterns", "TestSupport"]),
    .testTarget(
      name: "CompressionTests", dependencies: ["Compression", "Evaluation", "TestSupport"]),
    .testTarget(name: "InterchangeTests", dependencies: ["Interchange", "TestSupport"]),
    .testTarget(name: "BenchmarkingTests", dependencies: ["Benchmarking"]),
    .testTarget(name: "ReportingTests", dependencies: ["Reporting", "Diagnosis", "TestSupport"]),
    .testTarget(name: "ServingTests", dependencies: ["Serving", "Diagnosis", "TestSupport"]),
    .executableTarget(
      name: "LibraryExample", dependencies: ["CharlmKit"], path: "Tests/LibraryExample"),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "charlm", "LibraryExample", "CharlmKit", "Training", "Evaluation", "Generation", "Patterns",
        "Diagnosis", "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
  ],
  swiftLanguageModes: [.v6]
)

// The server needs many packages, so it is built on request: CHARLM_SERVER=1 swift build.
if Context.environment["CHARLM_SERVER"] != nil {
  package.products += [.executable(name: "charlm-server", targets: ["CharlmServer"])]
  package.dependencies += [
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ]
  package.targets += [
    .target(name: "CServerFiles"),
    .executableTarget(
      name: "CharlmServer",
      dependencies: [
        "CServerFiles", "Serving", "ServerLaunch",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      exclude: ["Page", "openapi.json"]),
    .testTarget(
      name: "ServerTests", dependencies: ["charlm", "CharlmServer", "Serving", "TestSupport"]),
  ]
}

// scripts/fuzz.sh, for which everything is built with libFuzzer
if Context.environment["CHARLM_FUZZING"] != nil {
  package.targets += [
    .target(name: "CLibFuzzer", path: "Fuzzing/CLibFuzzer"),
    .executableTarget(
      name: "Fuzzer",
      dependencies: ["CLibFuzzer", "CharlmKit", "Reporting", "Serving"], path: "Fuzzing/Fuzzer"),
  ]
}

// scripts/make-docs.sh
if Context.environment["CHARLM_DOCUMENTATION"] != nil {
  package.dependencies += [
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")
  ]
}

// Most tests compute little: optimizing them takes longer than it saves.
let optimizedTests = ["KernelsTests", "RecurrentNetworkTests"]
for target in package.targets where target.type == .test && !optimizedTests.contains(target.name) {
  target.swiftSettings = [.unsafeFlags(["-Onone"])]
}
