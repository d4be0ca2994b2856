import ModelFiles
import Testing

/// Randomly changed files, opened without verification: whatever opens must have a valid structure.
@Suite struct MutationTests {
  private static let fragments = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\uD83D", "0", "9", "-", "1e9", "null", " ",
    "\"shape\":[1],", "\"dtype\":\"F64\",", "9223372036854775807", "é", "\u{301}", "\0",
  ].map { Array($0.utf8) }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func whateverOpensIsWhole(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let (header, data) = parts(of: try sampleWriter().bytes(name: "test"))
    var openCount = 0
    for _ in 0..<500 {
      var bytes = Array(header.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let start = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 0...3, using: &random))
        bytes.replaceSubrange(start..<end, with: Self.fragments.randomElement(using: &random)!)
      }
      do {
        let archive = try open(file(header: bytes, data: data), .none)
        #expect(archive.tensors.map(\.byteCount).reduce(0, +) == data.count)
        var read: [UInt8] = []
        for tensor in archive.tensors {
          try archive.withBytes(of: tensor.name) { read.append(contentsOf: $0) }
        }
        #expect(read == data)
        openCount += 1
      } catch is SafetensorsError {}
    }
    #expect(openCount > 0, "no mutation was harmless: the test does not reach what it is for")
  }
}
