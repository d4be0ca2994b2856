// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "charlm",
  targets: [
    .systemLibrary(name: "CUTF8Proc", providers: [.apt(["libutf8proc-dev"])]),
    .target(name: "CKernels"),
    .target(name: "Storage"),
    .target(name: "Kernels", dependencies: ["CKernels"]),
    .target(name: "RecurrentNetwork", dependencies: ["Kernels"]),
    .target(name: "TestSupport", dependencies: ["RecurrentNetwork"], path: "Tests/TestSupport"),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels"]),
    .testTarget(name: "RecurrentNetworkTests", dependencies: ["RecurrentNetwork", "TestSupport"]),
    .testTarget(name: "StorageTests", dependencies: ["Storage"]),
  ],
  swiftLanguageModes: [.v6]
)
