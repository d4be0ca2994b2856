import ModelFiles
import Testing

/// Every damage of a whole model file is refused with one sentence that names the file.
@Suite struct ModelDamageTests {
  let whole: [UInt8]

  init() throws {
    whole = try sampleModel(sampleTokenizer()).writer().bytes(name: "test")
    #expect(whole.count < 4096)
    try readModel(whole)
  }

  /// Eight tests, so that they share the processor's cores.
  @Test(arguments: 0..<8)
  func everyFlippedBitIsRefused(bit: Int) {
    var bytes = whole
    for position in whole.indices {
      bytes[position] ^= 1 << bit
      check(bytes, "bit \(bit) of byte \(position)")
      bytes[position] ^= 1 << bit
    }
  }

  @Test func everyTruncationIsRefused() {
    for byteCount in whole.indices {
      check(Array(whole[..<byteCount]), "cut to \(byteCount) bytes")
    }
  }

  private func check(_ bytes: [UInt8], _ damage: @autoclosure () -> String) {
    do {
      let refusal = try Refusal(of: bytes)
      if !refusal.isOneSentence { Issue.record("\(damage()): \(refusal)") }
    } catch {
      Issue.record("\(damage()) of \(whole.count): \(error)")
    }
  }
}
