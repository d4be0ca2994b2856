import Foundation
import ModelFiles
import Storage
import Testing

@Suite struct SafetensorsWriterTests {
  private struct Interruption: Error {}

  @Test func theSameInputGivesTheSameBytes() throws {
    let keys = (0..<40).map { "key \($0)" }
    var ascending = SafetensorsMetadata()
    for key in keys { ascending[key] = key }
    var descending = SafetensorsMetadata()
    for key in keys.reversed() { descending[key] = key }
    let bytes = try sampleWriter(metadata: ascending).bytes(name: "a")
    #expect(try sampleWriter(metadata: descending).bytes(name: "b") == bytes)
  }

  @Test func dataBeginsAtAMultipleOf64AndEveryTensorAtOneOfItsElements() throws {
    for length in 0..<70 {
      let writer = SafetensorsWriter(
        tensors: [
          TensorSource(name: "bytes", elementType: .uint8, shape: [3], bytes: [1, 2, 3]),
          TensorSource(name: "b", shape: [1], floats: [1]),
          TensorSource(name: "a", shape: [1], floats: [2]),
          TensorSource(
            name: "words", elementType: .uint64, shape: [1], bytes: [UInt8](repeating: 7, count: 8)),
        ], metadata: ["pad": String(repeating: "x", count: length)])
      let bytes = try writer.bytes(name: "test")
      let archive = try open(bytes)
      #expect(archive.byteCount == bytes.count)
      #expect((bytes.count - 8 - 4 - 4 - 3) % 64 == 0)
      #expect(archive.tensors.map(\.name) == ["words", "b", "a", "bytes"])
      for tensor in archive.tensors {
        #expect(tensor.byteRange.lowerBound * 8 % tensor.elementType.bitsPerElement == 0)
      }
    }
  }

  @Test func anArchiveMayHoldNothing() throws {
    let archive = try open(SafetensorsWriter(tensors: []).bytes(name: "test"))
    #expect(archive.tensors.isEmpty && archive.metadata == [:] && archive.isVerified)
  }

  @Test func whatCannotBeReadIsNotWritten() {
    let byte = TensorSource(name: "a", elementType: .uint8, shape: [1], bytes: [1])
    func rejects(
      _ tensors: [TensorSource], metadata: SafetensorsMetadata = [:], _ error: SafetensorsError
    ) {
      #expect(throws: error) {
        try SafetensorsWriter(tensors: tensors, metadata: metadata).bytes(name: "test")
      }
    }
    rejects([byte, byte], .tensorGivenTwice(file: "test", tensor: "a"))
    for key in ["charlm.sha256.header", "charlm.sha256.tensor.a", "charlm.sha256.\u{301}"] {
      rejects([byte], metadata: [key: ""], .reservedName(file: "test", name: key))
    }
    rejects(
      [TensorSource(name: "__metadata__", shape: [0], floats: [])],
      .reservedName(file: "test", name: "__metadata__"))
    for shape in [[-1], [1 << 40, 1 << 40], [0, 1 << 62, 4], [-1, -1]] {
      rejects(
        [TensorSource(name: "a", shape: shape, floats: [])],
        .unwritableShape(file: "test", tensor: "a", shape: shape))
    }
    rejects(
      [TensorSource(name: "a", elementType: .float6E2M3, shape: [3], bytes: [1, 2])],
      .unwritableShape(file: "test", tensor: "a", shape: [3]))
    for floats: [Float] in [[], [1], [1, 2, 3]] {
      rejects(
        [TensorSource(name: "a", shape: [2], floats: floats)],
        .givenSizeMismatch(file: "test", tensor: "a", expected: 8, found: 4 * floats.count))
    }
  }

  @Test(.enabled(if: isOptimized, "100 MB take seconds without optimization"))
  func aHeaderTooLongForAnyReaderIsNotWritten() {
    let metadata: SafetensorsMetadata = ["text": String(repeating: "x", count: 100_000_000)]
    #expect {
      try SafetensorsWriter(tensors: [], metadata: metadata).bytes(name: "test")
    } throws: { error in
      if case SafetensorsError.givenHeaderTooLong(file: "test", _) = error { true } else { false }
    }
  }

  @Test func afterAnErrorTheOldFileStands() throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "m.safetensors").path
    try sampleWriter().write(to: path)
    let old = try Data(contentsOf: URL(filePath: path))

    /// Fails, or gives other bytes, starting with the given reading.
    func source(failingAt reading: Int, by change: @escaping () throws -> [UInt8]) -> TensorSource {
      var readings = 0
      return TensorSource(name: "late", elementType: .uint8, shape: [2]) { consume in
        readings += 1
        try (readings < reading ? [1, 2] : change()).withUnsafeBytes(consume)
      }
    }
    func write(_ source: TensorSource) throws {
      try SafetensorsWriter(tensors: [TensorSource(name: "a", shape: [1], floats: [1]), source])
        .write(to: path)
    }
    let changed = SafetensorsError.tensorChanged(file: path, tensor: "late")
    for reading in 1...2 {
      #expect(throws: Interruption.self) {
        try write(source(failingAt: reading) { throw Interruption() })
      }
    }
    for bytes: [UInt8] in [[1, 3], [1], [], [1, 2, 3]] {
      #expect(throws: changed) { try write(source(failingAt: 2) { bytes }) }
    }
    #expect(try Data(contentsOf: URL(filePath: path)) == old)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m.safetensors"])
    try write(source(failingAt: 3) { throw Interruption() })
    #expect(try SafetensorsArchive(path: path).tensors.map(\.name) == ["a", "late"])
  }

  @Test func aPlaceThatCannotBeWrittenIsNamedBeforeAnythingIsRead() throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = TensorSource(name: "a", elementType: .uint8, shape: [1]) { _ in
      throw Interruption()
    }
    #expect(throws: StorageError.notReplaceable(path: folder.path, obstacle: .folder)) {
      try SafetensorsWriter(tensors: [source]).write(to: folder.path)
    }
    #expect(throws: StorageError.notFound(path: folder.path + "/none")) {
      try SafetensorsArchive(path: folder.path + "/none")
    }
  }
}

#if DEBUG
  private let isOptimized = false
#else
  private let isOptimized = true
#endif
