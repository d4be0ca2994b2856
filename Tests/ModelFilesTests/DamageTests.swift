import Foundation
import ModelFiles
import Testing

/// Every damage of a file is refused with a `SafetensorsError`.
@Suite struct DamageTests {
  let whole: [UInt8]

  init() throws {
    whole = try sampleWriter().bytes(name: "test")
    #expect(whole.count < 2048)
    try open(whole)
  }

  /// How `bytes` are refused, or what happened instead.
  private func refusal(of bytes: [UInt8]) -> Result<SafetensorsError, Acceptance> {
    do {
      try open(bytes)
      return .failure(Acceptance(error: nil))
    } catch let error as SafetensorsError {
      return .success(error)
    } catch {
      return .failure(Acceptance(error: "\(error)"))
    }
  }

  private struct Acceptance: Error {
    let error: String?
  }

  @Test func everyFlippedBitIsRefused() {
    var refused = 0
    var bytes = whole
    for bit in 0..<8 * whole.count {
      bytes[bit / 8] ^= 1 << (bit % 8)
      let result = refusal(of: bytes)
      bytes[bit / 8] ^= 1 << (bit % 8)
      if case .success = result {
        refused += 1
      } else {
        Issue.record("bit \(bit % 8) of byte \(bit / 8) of \(whole.count): \(result)")
      }
    }
    #expect(refused == 8 * whole.count)
  }

  @Test func everyOtherByteInPlaceOfOneOfTheHeaderIsRefused() {
    let end = whole.count - parts(of: whole).data.count
    var bytes = whole
    for position in stride(from: 0, to: end, by: 5) {
      for value in UInt8.min...UInt8.max where value != whole[position] {
        bytes[position] = value
        if case .failure = refusal(of: bytes) {
          Issue.record("byte \(position) as \(value)")
        }
      }
      bytes[position] = whole[position]
    }
  }

  @Test func everyTruncationIsRefused() {
    for byteCount in 0..<whole.count {
      if case .failure = refusal(of: Array(whole[..<byteCount])) {
        Issue.record("cut to \(byteCount) of \(whole.count) bytes")
      }
    }
  }

  @Test func everyAppendedOrMissingByteIsRefused() {
    for byte in UInt8.min...UInt8.max {
      if case .failure = refusal(of: whole + [byte]) { Issue.record("\(byte) appended") }
    }
    for position in whole.indices {
      var bytes = whole
      bytes.remove(at: position)
      if case .failure = refusal(of: bytes) { Issue.record("byte \(position) left out") }
      for byte in [UInt8(ascii: " "), 0, whole[position]] {
        bytes = whole
        bytes.insert(byte, at: position)
        if case .failure = refusal(of: bytes) { Issue.record("\(byte) put in at \(position)") }
      }
    }
  }

  @Test func damageIsNamed() throws {
    var bytes = whole
    bytes[whole.count - 1] ^= 1
    #expect(throws: SafetensorsError.tensorDigestMismatch(file: "test", tensor: "q")) {
      try open(bytes)
    }
    bytes = whole
    bytes[whole.count - 4] ^= 1
    #expect(throws: SafetensorsError.tensorDigestMismatch(file: "test", tensor: "\u{301}w\"")) {
      try open(bytes)
    }
    bytes = whole
    let data = parts(of: whole).data
    bytes[whole.count - data.count - 1] = UInt8(ascii: "\t")
    #expect(throws: SafetensorsError.self) { try open(bytes) }
    #expect(throws: SafetensorsError.truncated(file: "test", missingByteCount: 1)) {
      try open(whole.dropLast())
    }
    #expect(throws: SafetensorsError.trailingData(file: "test", byteCount: 1)) {
      try open(whole + [0])
    }
  }

  @Test func spacesOfThePaddingAreCovered() throws {
    let (header, data) = parts(of: whole)
    let shorter = String(header.reversed().drop { $0 == " " }.reversed())
    try #require(shorter.utf8.count < header.utf8.count)
    let bytes = file(header: Array((shorter + " ").utf8), data: data)
    try open(bytes, .none)
    #expect(throws: SafetensorsError.headerDigestMismatch(file: "test")) { try open(bytes) }
  }

  @Test func damagedFilesOnDiskAreRefused() throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "m.safetensors").path
    try sampleWriter().write(to: path)
    #expect(try Array(Data(contentsOf: URL(filePath: path))) == whole)
    #expect(try SafetensorsArchive(path: path).isVerified)
    for position in stride(from: 0, to: whole.count, by: 61) {
      var bytes = whole
      bytes[position] ^= 0x10
      try Data(bytes).write(to: URL(filePath: path))
      #expect(throws: SafetensorsError.self) { try SafetensorsArchive(path: path) }
      try Data(whole[..<position]).write(to: URL(filePath: path))
      #expect(throws: SafetensorsError.self) { try SafetensorsArchive(path: path) }
    }
    try Data().write(to: URL(filePath: path))
    #expect(throws: SafetensorsError.tooShort(file: path, byteCount: 0)) {
      try SafetensorsArchive(path: path)
    }
  }
}
