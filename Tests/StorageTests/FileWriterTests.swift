import Foundation
import Storage
import Testing

@Suite struct FileWriterTests {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private struct Interruption: Error {}

  private func write(_ text: String, to path: String, thenFail: Bool = false) throws {
    try FileWriter.replace(path: path) { writer in
      try Array(text.utf8).withUnsafeBytes { try writer.write($0) }
      if thenFail { throw Interruption() }
    }
  }

  @Test func replacesTheWholeFileOrNothing() throws {
    let path = folder.appending(path: "a file").path
    try write("old", to: path)
    #expect(throws: Interruption.self) { try write("new", to: path, thenFail: true) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    try write("new", to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a file"])
  }

  @Test func namesWhatIsWrongWithThePath() {
    #expect(throws: StorageError.cannotCreate(path: folder.path, reason: "it is a folder")) {
      try write("x", to: folder.path)
    }
    let path = folder.appending(path: "missing/file").path
    #expect(throws: StorageError.cannotCreate(path: path, reason: "No such file or directory")) {
      try write("x", to: path)
    }
    #expect(throws: StorageError.notFound(path: path)) { try MappedFile(path: path) }
    #expect(throws: StorageError.notFound(path: path)) { _ = try InputFile(path: path) }
    #expect(throws: StorageError.isDirectory(path: folder.path)) {
      try MappedFile(path: folder.path)
    }
    #expect(throws: StorageError.isDirectory(path: folder.path)) {
      _ = try InputFile(path: folder.path)
    }
  }

  @Test func aTemporaryFileIsReadTwiceAndLeavesNoName() throws {
    var file = try TemporaryFile(beside: folder.appending(path: "model").path)
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try bytes.withUnsafeBytes { try file.write($0) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    #expect(try file.mapped().withBytes { Array($0) } == bytes)
    for _ in 0..<2 {
      var reader = try file.reader(name: "temporary")
      var buffer = [UInt8](repeating: 0, count: 200_000)
      let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
      #expect(Array(buffer[..<count]) == bytes)
    }
  }

  @Test func anEmptyFileMapsToNoBytes() throws {
    let path = folder.appending(path: "empty").path
    try write("", to: path)
    #expect(try MappedFile(path: path).byteCount == 0)
  }
}
