import Foundation
import Reporting
import TestSupport
import Testing

@Suite struct EventFileTests {
  @Test func checksumsAreCastagnolis() {
    // The check value of the catalogue of CRCs, and two of RFC 3720, appendix B.4.
    #expect(CyclicRedundancyCheck.crc32c(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CyclicRedundancyCheck.crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CyclicRedundancyCheck.crc32c([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CyclicRedundancyCheck.crc32c([]) == 0)
  }

  /// The contents of a file's records, after its own framing.
  static func records(_ file: EventFile) throws -> [[UInt8]] {
    let bytes = try Array(Data(contentsOf: URL(filePath: file.path)))
    var records: [[UInt8]] = []
    var position = 0
    while position < bytes.count {
      let count = bytes[position..<position + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      records.append(Array(bytes[position + 12..<position + 12 + count]))
      position += count + 16
    }
    #expect(position == bytes.count)
    return records
  }

  @Test func scalarsAreEventsOfTensorFlow() throws {
    let folder = try TemporaryFolder()
    let file = try EventFile(folder: folder.path("runs/first"))
    try file.write([("train/loss", 1.5)], step: 300)
    let name = URL(filePath: file.path).lastPathComponent
    #expect(name.hasPrefix("events.out.tfevents."))
    let records = try Self.records(file)
    #expect(records.count == 2)
    // A wall time, step 0 and field 3, the version.
    let version = [0x10, 0, 0x1A, 13] + Array("brain.Event:2".utf8)
    #expect(Array(records[0].dropFirst(9)) == version)
    // Step 300 as two groups of seven bits, field 5, its field 1: tag (1) and simple value (2).
    let value = [0x0A, 10] + Array("train/loss".utf8) + [0x15, 0, 0, 0xC0, 0x3F]
    let summary = [0x0A, UInt8(value.count)] + value
    let event = [0x10, 0xAC, 0x02, 0x2A, UInt8(summary.count)] + summary
    #expect(Array(records[1].dropFirst(9)) == event)
  }

  /// TensorBoard takes a log that starts again for the order to forget what has its step or a later one.
  @Test func whatFollowsAStepIsForgotten() throws {
    let folder = try TemporaryFolder()
    let file = try EventFile(folder: folder.path("runs"))
    try file.truncate(toStep: 40)
    #expect(try Array(Self.records(file)[1].dropFirst(9)) == [0x10, 41, 0x3A, 2, 0x08, 1])
  }

  @Test func aFolderThatCannotBeMadeIsRefused() throws {
    let folder = try TemporaryFolder()
    try Data().write(to: folder.url.appending(path: "file"))
    #expect(throws: (any Error).self) { try EventFile(folder: folder.path("file")) }
    #expect(throws: (any Error).self) { try EventFile(folder: folder.path("file/below")) }
  }
}
