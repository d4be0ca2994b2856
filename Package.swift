// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "charlm",
  targets: [
    .systemLibrary(name: "CLibcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CUTF8Proc", providers: [.apt(["libutf8proc-dev"])]),
    .target(name: "Storage"),
    .target(name: "ModelFiles", dependencies: ["CLibcrypto", "Storage"]),
    .testTarget(name: "StorageTests", dependencies: ["Storage"]),
    .testTarget(
      name: "ModelFilesTests", dependencies: ["ModelFiles", "Storage"],
      resources: [.copy("Fixtures")]),
  ],
  swiftLanguageModes: [.v6]
)
