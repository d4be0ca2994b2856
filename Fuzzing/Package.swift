// swift-tools-version: 6.1
import PackageDescription

// A package of its own: everything in it is built with libFuzzer, which only scripts/fuzz.sh asks for.
let package = Package(
  name: "charlm-fuzzing",
  dependencies: [.package(name: "charlm", path: "..")],
  targets: [
    .target(name: "CLibFuzzer", path: "CLibFuzzer"),
    .executableTarget(
      name: "Fuzzer",
      dependencies: [
        "CLibFuzzer",
        .product(name: "Interchange", package: "charlm"),
        .product(name: "Kernels", package: "charlm"),
        .product(name: "ModelFiles", package: "charlm"),
        .product(name: "Patterns", package: "charlm"),
        .product(name: "Tokenization", package: "charlm"),
      ],
      path: "Fuzzer"),
  ],
  swiftLanguageModes: [.v6]
)
