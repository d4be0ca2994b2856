// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "charlm",
  targets: [
    .systemLibrary(name: "CUTF8Proc", providers: [.apt(["libutf8proc-dev"])]),
    .target(name: "CUnicodeTables"),
    .target(name: "Storage"),
    .target(name: "Tokenization", dependencies: ["CUTF8Proc", "CUnicodeTables", "Storage"]),
    .testTarget(name: "StorageTests", dependencies: ["Storage"]),
    .testTarget(name: "TokenizationTests", dependencies: ["CUTF8Proc", "Tokenization"]),
  ],
  swiftLanguageModes: [.v6]
)
