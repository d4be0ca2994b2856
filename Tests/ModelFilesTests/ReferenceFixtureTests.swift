import Foundation
import ModelFiles
import Testing

/// Reads a file of the reference implementation; `scripts/make-safetensors-fixture.py` made the
/// fixture.
@Suite struct ReferenceFixtureTests {
  let path: String

  init() throws {
    path = try #require(
      Bundle.module.path(forResource: "Fixtures/reference", ofType: "safetensors"))
  }

  @Test func everyTensorAndTextIsRead() throws {
    let archive = try SafetensorsArchive(path: path, verification: .ifPresent)
    #expect(!archive.isVerified)
    #expect(archive.tensors.count == 8)
    #expect(
      try archive.floats(of: "rnn.weight_ih_l0", shape: [2, 3]) == [
        -0.5, -0.25, 0, 0.25, 0.5, 0.75,
      ])
    #expect(try archive.floats(of: "scalar", shape: []) == [0.1])
    #expect(try archive.floats(of: "empty", shape: [0, 5]) == [])
    let expected: [(String, TensorElementType, [Int], [UInt8])] = [
      ("quantised", .int8, [5], [0x80, 0xFF, 0, 1, 0x7F]),
      ("half", .float16, [2], [0, 0x3C, 0, 0xC0]),
      ("step", .uint64, [1], [UInt8](repeating: 0xFF, count: 8)),
      ("caf\u{E9}", .int32, [1], [1, 0, 0, 0]),
      ("cafe\u{301}", .int32, [1], [2, 0, 0, 0]),
    ]
    for (name, elementType, shape, bytes) in expected {
      let tensor = try archive.tensor(named: name)
      #expect(tensor.elementType == elementType && tensor.shape == shape)
      #expect(try archive.withBytes(of: name) { Array($0) } == bytes)
    }
    let controls = String(String.UnicodeScalarView((0..<32).map { Unicode.Scalar(UInt8($0)) }))
    #expect(
      archive.metadata == [
        "format": "pt",
        "model": #"{"cell":"lstm","note":"a \"quote\", a \\ backslash"}"#,
        "controls": controls + "\u{7F}\u{85}\u{2028}\u{2029}",
        "\u{E9}": "one scalar",
        "e\u{301}": "two scalars",
        "emoji \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}": "\u{1F642}\u{301}",
        "": "an empty key",
      ])
  }

  @Test func withoutDigestsItIsRejectedUnlessAskedOtherwise() throws {
    #expect(throws: SafetensorsError.headerDigestMissing(file: path)) {
      try SafetensorsArchive(path: path)
    }
    #expect(try SafetensorsArchive(path: path, verification: .none).tensors.count == 8)
  }
}
