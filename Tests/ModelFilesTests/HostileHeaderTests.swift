import ModelFiles
import Testing

@Suite struct HostileHeaderTests {
  @Test(arguments: SafetensorsVerification.all)
  func hostileHeadersAreRejected(verification: SafetensorsVerification) {
    for hostile in HostileHeader.all {
      let bytes = file(header: hostile.header, dataByteCount: hostile.dataByteCount)
      #expect(throws: hostile.error, "\(hostile)") { try open(bytes, verification) }
    }
  }

  @Test func lengthsBeyondTheFileAreRejectedBeforeAnythingIsRead() {
    func length(_ value: UInt64) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    for value: UInt64 in [100_000_001, 1 << 32, 1 << 62, 1 << 63, .max, .max - 7] {
      #expect(throws: SafetensorsError.headerTooLong(file: "test", byteCount: value)) {
        try open(length(value) + Array("{}".utf8))
      }
    }
    for value in [3, 100_000_000] {
      let error = SafetensorsError.headerPastEnd(file: "test", byteCount: value, available: 2)
      #expect(throws: error) { try open(length(UInt64(value)) + Array("{}".utf8)) }
    }
    for text in ["line 3: sheep\n", "Es war einmal, vor langer Zeit", "строка 3: овца\n"] {
      #expect(throws: SafetensorsError.isText(file: "test")) { try open(Array(text.utf8)) }
    }
    for byteCount in 0..<8 {
      #expect(throws: SafetensorsError.tooShort(file: "test", byteCount: byteCount)) {
        try open([UInt8](repeating: 0, count: byteCount))
      }
    }
  }

  @Test func invalidUTF8IsFoundAtItsByte() {
    let invalid: [[UInt8]] = [
      [0xFF], [0x80], [0xC0, 0xAF], [0xC3], [0xE2, 0x80], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80],
      [0xF0, 0x9F, 0x99],
    ]
    for bytes in invalid {
      let header = Array(#"{"__metadata__":{"k":"é"#.utf8) + bytes + Array(#""}}"#.utf8)
      #expect(throws: SafetensorsError.invalidUTF8(file: "test", byteOffset: 32), "\(bytes)") {
        try open(file(header: header, data: []), .none)
      }
    }
  }
}

extension SafetensorsVerification {
  static let all: [SafetensorsVerification] = [.required, .ifPresent, .none]
}
