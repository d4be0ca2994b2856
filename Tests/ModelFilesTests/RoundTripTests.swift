import ModelFiles
import Testing

@Suite struct RoundTripTests {
  @Test func awkwardMetadataComesBackAsItWas() throws {
    let archive = try open(sampleWriter(metadata: awkwardMetadata).bytes(name: "test"))
    #expect(archive.metadata == awkwardMetadata)
    #expect(archive.metadata.keys == awkwardMetadata.keys)
    #expect(archive.metadata["\u{E9}"] == "one scalar")
    #expect(archive.metadata["e\u{301}"] == "two scalars")
    let controls = try archive.metadata(for: "controls")
    #expect(Array(controls.utf8) == Array(0..<32) + [127])
    #expect(throws: SafetensorsError.metadataMissing(file: "test", key: "E\u{301}")) {
      try archive.metadata(for: "E\u{301}")
    }
  }

  @Test func tensorsComeBackAsTheyWere() throws {
    let archive = try open(sampleWriter().bytes(name: "test"))
    #expect(archive.tensors.map(\.name) == ["scale", "\u{301}w\"", "none", "q"])
    #expect(archive.tensors.map(\.shape) == [[], [2, 3], [0, 7], [3]])
    #expect(archive.tensors.map(\.elementType) == [.float32, .float32, .int8, .int8])
    #expect(archive.tensors.map(\.byteRange) == [0..<4, 4..<28, 28..<28, 28..<31])
    #expect(archive.tensors.map(\.elementCount) == [1, 6, 0, 3])
    #expect(try archive.floats(of: "scale", shape: []) == [0.5])
    #expect(
      try archive.floats(of: "\u{301}w\"", shape: [2, 3]) == [1, -2, 3, -4, .infinity, 0])
    #expect(try archive.withBytes(of: "none") { $0.isEmpty })
    #expect(try archive.withBytes(of: "q") { Array($0) } == [255, 0, 127])
  }

  @Test func aReaderGetsOnlyWhatItAskedFor() throws {
    let archive = try open(sampleWriter().bytes(name: "test"))
    #expect(throws: SafetensorsError.tensorMissing(file: "test", tensor: "w")) {
      try archive.floats(of: "w", shape: [1])
    }
    #expect(
      throws: SafetensorsError.shapeMismatch(
        file: "test", tensor: "\u{301}w\"", expected: [3, 2], found: [2, 3])
    ) { try archive.floats(of: "\u{301}w\"", shape: [3, 2]) }
    #expect(
      throws: SafetensorsError.elementTypeMismatch(
        file: "test", tensor: "q", expected: .float32, found: .int8)
    ) { try archive.floats(of: "q", shape: [3]) }
    var room = [Float](repeating: .nan, count: 6)
    try room.withUnsafeMutableBufferPointer {
      try archive.copyFloats(of: "\u{301}w\"", shape: [2, 3], into: $0)
    }
    #expect(room == [1, -2, 3, -4, .infinity, 0])
  }

  @Test func canonicallyEquivalentNamesStayApart() throws {
    let bytes = try SafetensorsWriter(
      tensors: [
        TensorSource(name: "e\u{301}", shape: [1], floats: [2]),
        TensorSource(name: "\u{E9}", shape: [1], floats: [1]),
      ]
    ).bytes(name: "test")
    let archive = try open(bytes)
    #expect(try archive.floats(of: "\u{E9}", shape: [1]) == [1])
    #expect(try archive.floats(of: "e\u{301}", shape: [1]) == [2])
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func randomArchivesComeBackAsTheyWere(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var metadata = SafetensorsMetadata()
    for _ in 0..<Int.random(in: 0...5, using: &random) {
      metadata[text(using: &random)] = text(using: &random)
    }
    var names: Set<[UInt8]> = []
    let tensors: [(source: TensorSource, bytes: [UInt8])] =
      (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in
        let name = text(using: &random)
        guard names.insert(Array(name.utf8)).inserted else { return nil }
        return tensor(name: name, using: &random)
      }
    let bytes = try SafetensorsWriter(tensors: tensors.map(\.source), metadata: metadata)
      .bytes(name: "test")
    let archive = try open(bytes)
    #expect(archive.metadata == metadata)
    #expect(archive.tensors.count == tensors.count)
    for (source, bytes) in tensors {
      let entry = try archive.tensor(named: source.name)
      #expect(entry.shape == source.shape && entry.elementType == source.elementType)
      #expect(try archive.withBytes(of: source.name) { Array($0) } == bytes)
    }
  }

  /// Up to eight scalars of any kind.
  private func text(using random: inout SplitMix64) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      let limit: UInt32 = [0x80, 0x300, 0x3000, 0x110000].randomElement(using: &random)!
      text.append(Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) ?? "\u{301}")
    }
    return String(text)
  }

  /// A tensor of any type and up to three axes, given in up to four pieces.
  private func tensor(
    name: String, using random: inout SplitMix64
  ) -> (source: TensorSource, bytes: [UInt8]) {
    let elementType = TensorElementType.allCases.randomElement(using: &random)!
    var shape = (0..<Int.random(in: 0...3, using: &random)).map { _ in
      Int.random(in: 0...4, using: &random)
    }
    if elementType.bitsPerElement < 8 { shape.append(8) }
    let byteCount = shape.reduce(elementType.bitsPerElement, *) / 8
    let bytes = (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
    let pieceLength = max(1, (byteCount + 3) / 4)
    let source = TensorSource(name: name, elementType: elementType, shape: shape) { consume in
      for start in stride(from: 0, to: byteCount, by: pieceLength) {
        try bytes[start..<min(start + pieceLength, byteCount)].withUnsafeBytes(consume)
      }
    }
    return (source, bytes)
  }
}
