import Foundation
import Storage
import Testing

@Suite struct RandomAccessFileTests {
  @Test func anyPartOfATemporaryFileIsReadEvenWhenThatIsGone() throws {
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let beside = FileManager.default.temporaryDirectory.appendingPathComponent("tokens").path
    func written() throws -> RandomAccessFile {
      var file = try TemporaryFile(beside: beside)
      try bytes.withUnsafeBytes { try file.write($0) }
      return try file.readable()
    }
    let file = try written()
    for range in [0..<10_000, 7..<7, 9_999..<10_000, 4_095..<8_193, 0..<1] {
      var read = [UInt8](repeating: 0, count: range.count)
      read.withUnsafeMutableBytes { file.read(from: range.lowerBound, into: $0) }
      #expect(read == Array(bytes[range]))
    }
  }
}
