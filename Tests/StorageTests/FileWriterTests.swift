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
    // What a process left that died while it made another one.
    let (other, leftover) = (folder.path("other"), folder.path("other.new-charlm-12-0"))
    try write("half", to: leftover)
    try FileWriter.create(path: other) { _ in }
    #expect(try folder.contents() == ["a file", "other"])
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
      let reader = try file.readable()
      var buffer = [UInt8](repeating: 0, count: bytes.count)
      buffer.withUnsafeMutableBytes { reader.read(from: 0, into: $0) }
      #expect(buffer == bytes)
    }
  }

  @Test func onlyWhatNobodyWritesAnyMoreIsRemoved() throws {
    let path = folder.path("model")
    let kept = [
      "model.new-2", "model.new-2026-11", "model.new-charlm-12", "model.new-charlm-12-0-1",
      "model.new-charlm-x", "other.new-charlm-12-0",
    ]
    for name in kept + ["model.new-charlm-12-0", "model.new-charlm-12-1"] {
      try write("half", to: folder.path(name))
    }
    try FileWriter.replace(path: path) { writer in
      try Array("whole".utf8).withUnsafeBytes { try writer.write($0) }
      FileWriter.removeLeftovers(of: path)  // as another process would meanwhile
    }
    #expect(try folder.contents() == ["model"] + kept)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "whole")
  }

  @Test func aLinkIsFollowed() throws {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "far"), withIntermediateDirectories: false)
    let link = folder.path("link")
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "far/model")
    for text in ["first", "second"] {
      try FileWriter.checkReplaceable(path: link)
      try write(text, to: link)
      #expect(try String(contentsOfFile: folder.path("far/model"), encoding: .utf8) == text)
    }
    try write("half", to: folder.path("far/model.new-charlm-12-0"))
    FileWriter.removeLeftovers(of: link)
    #expect(try folder.contents() == ["far", "link"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("far")) == ["model"])
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: link) == "far/model")
  }

  @Test func whatIsNoFileIsNotReplaced() throws {
    let path = folder.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    for other in [path, "/dev/null"] {
      let error = StorageError.cannotCreate(path: other, reason: "it is a device or a pipe")
      #expect(throws: error) { try FileWriter.checkReplaceable(path: other) }
      #expect(throws: error) { try write("x", to: other) }
      try AppendingFile.checkAppendable(path: other)
    }
    #expect(throws: StorageError.cannotCreate(path: "", reason: "the name is empty")) {
      try FileWriter.checkReplaceable(path: "")
    }
  }

  @Test func whatIsProtectedIsNotReplaced() throws {
    let path = folder.path("model")
    try write("precious", to: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    let error = StorageError.cannotCreate(path: path, reason: "it is read-only")
    #expect(throws: error) { try FileWriter.checkReplaceable(path: path) }
    #expect(throws: error) { try write("new", to: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  }

  @Test func filesAreTheSameWhateverTheyAreCalled() throws {
    let (path, other) = (folder.path("model"), folder.path("./model"))
    #expect(isSameFile(path, other))
    #expect(!isSameFile(path, folder.path("model2")))
    #expect(!isSameFile(path, folder.path("missing/model")))
    try write("x", to: path)
    #expect(isSameFile(path, other))
    #expect(!isSameFile(path, folder.path("model2")))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: path)
    #expect(isSameFile(path, folder.path("link")))
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
