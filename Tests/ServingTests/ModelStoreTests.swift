import Foundation
import Kernels
import Serving
import TestSupport
import Testing

@Suite struct ModelStoreTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["one", "two"] {
      try ServedModel.sampleModel().write(to: folder.path("\(name).safetensors"))
    }
    try Data("no model".utf8).write(to: URL(filePath: folder.path("broken.safetensors")))
    try Data("text".utf8).write(to: URL(filePath: folder.path("notes.txt")))
  }

  private func store(paths: [String] = [], mostByteCount: Int = 1 << 40) -> ModelStore {
    ModelStore(
      paths: paths, folder: folder.url.path, mostByteCount: mostByteCount, precision: .float32,
      processor: Processor(threadCount: 1))
  }

  @Test func readableModelsAreListedByTheirFileNames() async throws {
    let store = store()
    #expect(await store.descriptions().map(\.id) == ["one", "two"])
    #expect(try await store.model("two").id == "two")
    try ServedModel.sampleModel().write(to: folder.path("three.safetensors"))
    #expect(await store.descriptions().map(\.id) == ["one", "three", "two"])
  }

  @Test(arguments: ["../one", "one.safetensors", "/etc/passwd", "", "notes", ".."])
  func onlyNamesOfModelsAreFound(id: String) async throws {
    let store = store()
    await #expect(throws: ServingError.self) { _ = try await store.model(id) }
  }

  @Test func aRequestWithoutANameNeedsASingleModel() async throws {
    let several = store()
    await #expect(throws: ServingError.self) { _ = try await several.model(nil) }
    let single = ModelStore(
      paths: [folder.path("one.safetensors")], folder: nil, mostByteCount: 1 << 40,
      precision: .float32, processor: Processor(threadCount: 1))
    #expect(try await single.model(nil).id == "one")
  }

  @Test func aBuiltInModelIsServedIfItIsNamed() async throws {
    let store = store(paths: ["english"])
    #expect(await store.descriptions().map(\.id) == ["english", "one", "two"])
    #expect(try await store.model("english").fingerprint != store.model("one").fingerprint)
  }

  @Test func aModelIsLoadedOnceAndAgainAfterItChanged() async throws {
    let store = store()
    let first = try await store.model("one")
    #expect(try await store.model("one") === first)
    try FileManager.default.removeItem(atPath: folder.path("one.safetensors"))
    try ServedModel.sampleModel().write(to: folder.path("one.safetensors"))
    #expect(!first.isDropped)
    #expect(try await store.model("one") !== first)
    #expect(first.isDropped)
  }

  @Test func theModelThatWasUsedLongestAgoMakesRoom() async throws {
    let size = try ServedModel.sample().byteCount
    let store = store(mostByteCount: size * 3 / 2)
    let one = try await store.model("one")
    let two = try await store.model("two")
    #expect(await store.loadedIDs == ["two"])
    #expect(one.isDropped && !two.isDropped)
    let tiny = self.store(mostByteCount: size / 2)
    await #expect(throws: ServingError.self) { _ = try await tiny.model("one") }
  }
}
