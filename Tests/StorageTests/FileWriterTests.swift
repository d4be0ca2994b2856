import Foundation
import Storage
import TestSupport
import Testing

@Suite struct FileWriterTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private struct Interruption: Error {}

  private func write(_ text: String, to path: String, thenFail: Bool = false) throws {
    try FileWriter.replace(path: path) { writer in
      try Array(text.utf8).withUnsafeBytes { try writer.write($0) }
      if thenFail { throw Interruption() }
    }
  }

  @Test func replacesTheWholeFileOrNothing() throws {
    let path = folder.path("a file")
    try write("old", to: path)
    #expect(throws: Interruption.self) { try write("new", to: path, thenFail: true) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    try write("new", to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(try folder.contents() == ["a file"])
  }

  @Test func aNewFileReplacesNothing() throws {
    let path = folder.path("a file")
    #expect(throws: Interruption.self) {
      try FileWriter.create(path: path) { writer in
        try Array("half".utf8).withUnsafeBytes { try writer.write($0) }
        throw Interruption()
      }
    }
    #expect(try folder.contents().isEmpty)
    try FileWriter.create(path: path) { writer in
      try Array("whole".utf8).withUnsafeBytes { try writer.write($0) }
    }
    #expect(throws: StorageError.alreadyExists(path: path)) {
      try FileWriter.create(path: path) { _ in }
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "whole")
    let missing = folder.path("missing/file")
    #expect(throws: StorageError.cannotCreate(path: missing, reason: "No such file or directory")) {
      try FileWriter.create(path: missing) { _ in }
    }
  }

  @Test func namesWhatIsWrongWithThePath() {
    #expect(throws: StorageError.cannotCreate(path: folder.url.path, reason: "it is a folder")) {
      try write("x", to: folder.url.path)
    }
    let path = folder.path("missing/file")
    #expect(throws: StorageError.cannotCreate(path: path, reason: "No such file or directory")) {
      try write("x", to: path)
    }
    #expect(throws: StorageError.notFound(path: path)) { try MappedFile(path: path) }
    #expect(throws: StorageError.notFound(path: path)) { _ = try InputFile(path: path) }
    #expect(throws: StorageError.isDirectory(path: folder.url.path)) {
      try MappedFile(path: folder.url.path)
    }
    #expect(throws: StorageError.isDirectory(path: folder.url.path)) {
      _ = try InputFile(path: folder.url.path)
    }
  }

  @Test func aTemporaryFileIsReadTwiceAndLeavesNoName() throws {
    var file = try TemporaryFile(beside: folder.path("model"))
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try bytes.withUnsafeBytes { try file.write($0) }
    #expect(try folder.contents().isEmpty)
    #expect(try file.mapped().withBytes { Array($0) } == bytes)
    for _ in 0..<2 {
      var reader = try file.reader(name: "temporary")
      var buffer = [UInt8](repeating: 0, count: 200_000)
      let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
      #expect(Array(buffer[..<count]) == bytes)
    }
  }

  @Test func onlyWhatNobodyWritesAnyMoreIsRemoved() throws {
    let path = folder.path("model")
    for name in ["model.new-12-0", "model.new-12-1", "model.new-x", "other.new-12-0"] {
      try write("half", to: folder.path(name))
    }
    try FileWriter.replace(path: path) { writer in
      try Array("whole".utf8).withUnsafeBytes { try writer.write($0) }
      FileWriter.removeLeftovers(of: path)  // as another process would meanwhile
    }
    #expect(try folder.contents() == ["model", "model.new-x", "other.new-12-0"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "whole")
  }

  @Test func aFileIsSetAsideUnderAnotherName() throws {
    let path = folder.path("run.checkpoint")
    #expect(try FileWriter.setAside(path: path) == nil)
    try write("earlier", to: path)
    #expect(try FileWriter.setAside(path: path) == "\(path).previous")
    #expect(try folder.contents() == ["run.checkpoint.previous"])
  }

  @Test func anEmptyFileMapsToNoBytes() throws {
    let path = folder.path("empty")
    try write("", to: path)
    #expect(try MappedFile(path: path).byteCount == 0)
  }
}
