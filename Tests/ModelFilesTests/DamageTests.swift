import Foundation
import ModelFiles
import Testing

/// Every damage to a file is rejected with a `SafetensorsError`.
@Suite struct DamageTests {
  let intact: [UInt8]

  init() throws {
    intact = try sampleWriter().bytes(name: "test")
    #expect(intact.count < 2048)
    try open(intact)
  }

  /// The error for `bytes`, or what happened instead.
  private func rejection(of bytes: [UInt8]) -> Result<SafetensorsError, Acceptance> {
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

  @Test func everyFlippedBitIsRejected() {
    var rejected = 0
    var bytes = intact
    for bit in 0..<8 * intact.count {
      bytes[bit / 8] ^= 1 << (bit % 8)
      let result = rejection(of: bytes)
      bytes[bit / 8] ^= 1 << (bit % 8)
      if case .success = result {
        rejected += 1
      } else {
        Issue.record("bit \(bit % 8) of byte \(bit / 8) of \(intact.count): \(result)")
      }
    }
    #expect(rejected == 8 * intact.count)
  }

  @Test func everyChangedByteOfTheHeaderIsRejected() {
    let end = intact.count - parts(of: intact).data.count
    var bytes = intact
    for position in stride(from: 0, to: end, by: 5) {
      for value in UInt8.min...UInt8.max where value != intact[position] {
        bytes[position] = value
        if case .failure = rejection(of: bytes) {
          Issue.record("byte \(position) as \(value)")
        }
      }
      bytes[position] = intact[position]
    }
  }

  @Test func everyTruncationIsRejected() {
    for byteCount in 0..<intact.count {
      if case .failure = rejection(of: Array(intact[..<byteCount])) {
        Issue.record("cut to \(byteCount) of \(intact.count) bytes")
      }
    }
  }

  @Test func everyAppendedOrMissingByteIsRejected() {
    for byte in UInt8.min...UInt8.max {
      if case .failure = rejection(of: intact + [byte]) { Issue.record("\(byte) appended") }
    }
    for position in intact.indices {
      var bytes = intact
      bytes.remove(at: position)
      if case .failure = rejection(of: bytes) { Issue.record("byte \(position) left out") }
      for byte in [UInt8(ascii: " "), 0, intact[position]] {
        bytes = intact
        bytes.insert(byte, at: position)
        if case .failure = rejection(of: bytes) { Issue.record("\(byte) put in at \(position)") }
      }
    }
  }

  @Test func damageIsNamed() throws {
    var bytes = intact
    bytes[intact.count - 1] ^= 1
    #expect(throws: SafetensorsError.tensorDigestMismatch(file: "test", tensor: "q")) {
      try open(bytes)
    }
    bytes = intact
    bytes[intact.count - 4] ^= 1
    #expect(throws: SafetensorsError.tensorDigestMismatch(file: "test", tensor: "\u{301}w\"")) {
      try open(bytes)
    }
    bytes = intact
    let data = parts(of: intact).data
    bytes[intact.count - data.count - 1] = UInt8(ascii: "\t")
    #expect(throws: SafetensorsError.self) { try open(bytes) }
    #expect(throws: SafetensorsError.truncated(file: "test", missingByteCount: 1)) {
      try open(intact.dropLast())
    }
    #expect(throws: SafetensorsError.trailingData(file: "test", byteCount: 1)) {
      try open(intact + [0])
    }
  }

  @Test func spacesOfThePaddingAreCovered() throws {
    let (header, data) = parts(of: intact)
    let shorter = String(header.reversed().drop { $0 == " " }.reversed())
    try #require(shorter.utf8.count < header.utf8.count)
    let bytes = file(header: Array((shorter + " ").utf8), data: data)
    try open(bytes, .none)
    #expect(throws: SafetensorsError.headerDigestMismatch(file: "test")) { try open(bytes) }
  }

  @Test func damagedFilesOnDiskAreRejected() throws {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "m.safetensors").path
    try sampleWriter().write(to: path)
    #expect(try Array(Data(contentsOf: URL(filePath: path))) == intact)
    #expect(try SafetensorsArchive(path: path).isVerified)
    for position in stride(from: 0, to: intact.count, by: 61) {
      var bytes = intact
      bytes[position] ^= 0x10
      try Data(bytes).write(to: URL(filePath: path))
      #expect(throws: SafetensorsError.self) { try SafetensorsArchive(path: path) }
      try Data(intact[..<position]).write(to: URL(filePath: path))
      #expect(throws: SafetensorsError.self) { try SafetensorsArchive(path: path) }
    }
    try Data().write(to: URL(filePath: path))
    #expect(throws: SafetensorsError.tooShort(file: path, byteCount: 0)) {
      try SafetensorsArchive(path: path)
    }
  }
}
