import ModelFiles
import Testing

/// Every damage to a complete model file is rejected with one sentence that names the file.
@Suite struct ModelDamageTests {
  let intact: [UInt8]

  init() throws {
    intact = try sampleModel(sampleTokenizer()).writer().bytes(name: "test")
    #expect(intact.count < 4096)
    try readModel(intact)
  }

  /// Eight tests, so that they share the processor's cores.
  @Test(arguments: 0..<8)
  func everyFlippedBitIsRejected(bit: Int) {
    var bytes = intact
    for position in intact.indices {
      bytes[position] ^= 1 << bit
      check(bytes, "bit \(bit) of byte \(position)")
      bytes[position] ^= 1 << bit
    }
  }

  @Test func everyTruncationIsRejected() {
    for byteCount in intact.indices {
      check(Array(intact[..<byteCount]), "cut to \(byteCount) bytes")
    }
  }

  private func check(_ bytes: [UInt8], _ damage: @autoclosure () -> String) {
    do {
      let rejection = try Rejection(of: bytes)
      if !rejection.isOneSentence { Issue.record("\(damage()): \(rejection)") }
    } catch {
      Issue.record("\(damage()) of \(intact.count): \(error)")
    }
  }
}
