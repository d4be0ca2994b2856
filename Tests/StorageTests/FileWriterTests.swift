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

  @Test func whatIsReplacedIsKeptUnderNumberedNames() throws {
    let path = folder.path("a file")
    #expect(try FileWriter.keepPrevious(path: path) == nil)
    try write("first", to: path)
    #expect(try FileWriter.keepPrevious(path: path) == path + ".previous")
    // Asked again before the file is replaced, it gives no further name.
    #expect(try FileWriter.keepPrevious(path: path) == path + ".previous")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "first")
    try write("second", to: path)
    #expect(try FileWriter.setAside(path: path) == path + ".previous-2")
    #expect(try folder.contents() == ["a file.previous", "a file.previous-2"])
    try write("third", to: path)
    #expect(try FileWriter.keepPrevious(path: path) == path + ".previous-3")
    for (suffix, text) in [(".previous", "first"), (".previous-2", "second"), ("", "third")] {
      #expect(try String(contentsOfFile: path + suffix, encoding: .utf8) == text)
    }
  }

  @Test func aLinkKeepsItsTargetsPreviousContents() throws {
    let (path, link) = (folder.path("a file"), folder.path("link"))
    try write("first", to: path)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a file")
    #expect(
      try FileWriter.keepPrevious(path: link).map { String($0.suffix(15)) } == "a file.previous")
    try write("second", to: link)
    #expect(try folder.contents() == ["a file", "a file.previous", "link"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "second")
  }

  @Test func leftoversOfAnotherProcessAreRemoved() throws {
    let (other, leftover) = (folder.path("other"), folder.path("other.new-charlm-12-0"))
    try write("half", to: leftover)
    FileWriter.removeLeftovers(of: other)
    #expect(try folder.contents().isEmpty)
  }

  @Test func permissionsAreThoseOfTheFileThatIsReplaced() throws {
    func mode(_ path: String) throws -> Int {
      try #require(
        FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }
    let (secret, copy) = (folder.path("secret"), folder.path("copy"))
    try write("x", to: secret)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
    try write("y", to: secret)
    #expect(try mode(secret) == 0o600)
    try FileWriter.replace(path: copy, permissions: FilePermissions(path: secret)) { _ in }
    #expect(try mode(copy) == 0o600)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: copy)
    try FileWriter.replace(path: copy, permissions: FilePermissions(path: secret)) { _ in }
    #expect(try mode(copy) == 0o640)
  }

  @Test(arguments: [200, 243, 255]) func longNamesCanBeWritten(byteCount: Int) throws {
    let name = String(repeating: "\u{4E00}", count: byteCount / 3)
    let path = folder.path(name + String(repeating: "x", count: byteCount % 3))
    try write("x", to: path)
    #expect(try folder.contents().count == 1)
  }

  @Test func namesThatTheSystemCannotHaveAreRefusedBeforeAnyWork() throws {
    let tooLong = folder.path(String(repeating: "x", count: 256))
    #expect(
      throws: StorageError.cannotCreate(path: tooLong, reason: "its name is longer than 255 bytes")
    ) { try FileWriter.checkReplaceable(path: tooLong) }
    let zero = folder.url.path + "/a\0b"
    for check in [FileWriter.checkReplaceable, AppendingFile.checkAppendable, checkFolder(path:)] {
      #expect(
        throws: StorageError.cannotCreate(path: zero, reason: "the name contains a zero byte")
      ) { try check(zero) }
    }
    let link = folder.path("link")
    #expect(symlink("target\u{FF}".cString(using: .isoLatin1)!, link) == 0)
    #expect(
      throws: StorageError.cannotCreate(
        path: link, reason: "it is a link to a name that is not UTF-8")
    ) { try write("x", to: link) }
  }

  @Test func linksThatLeadNowhereYetAreTheSameFile() throws {
    let (target, link) = (folder.path("new"), folder.path("link"))
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "new")
    #expect(isSameFile(target, link))
    #expect(!isSameFile(folder.path("other"), link))
  }

  @Test func aPipeIsReadLikeAFile() throws {
    let path = folder.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    let writing = Thread { try? Data(bytes).write(to: URL(filePath: path), options: []) }
    writing.start()
    #expect(try MappedFile(path: path).withBytes { Array($0) } == bytes)
  }

  @Test func namesWhatIsWrongWithThePath() {
    #expect(throws: StorageError.notReplaceable(path: folder.url.path, obstacle: .folder)) {
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
      let error = StorageError.notReplaceable(path: other, obstacle: .device)
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
    let error = StorageError.notReplaceable(path: path, obstacle: .readOnly)
    #expect(throws: error) { try FileWriter.checkReplaceable(path: path) }
    #expect(throws: error) { try write("new", to: path) }
    // It gets no second name for nothing.
    #expect(throws: error) { try FileWriter.keepPrevious(path: path) }
    #expect(!fileExists(path + ".previous"))
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

  /// Touching a page of a mapping beyond the file's end would end the process.
  @Test func aFileThatIsShortenedWhileItIsReadStaysWhole() throws {
    let path = folder.path("model")
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Data(bytes).write(to: URL(filePath: path))
    let file = try MappedFile(path: path)
    #expect(truncate(path, 0) == 0)
    #expect(file.withBytes { $0.elementsEqual(bytes) })
  }

  @Test func aPipeThatNobodyReadsIsRefusedAndOneThatIsReadIsWritten() throws {
    let path = folder.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: StorageError.unreadPipe(path: path)) { try AppendingFile(path: path) }
    let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    defer { close(reader) }
    let file = try AppendingFile(path: path)
    try file.append(Array("line\n".utf8))
    var bytes = [UInt8](repeating: 0, count: 16)
    #expect(read(reader, &bytes, bytes.count) == 5)
  }

  @Test func anEmptyFileMapsToNoBytes() throws {
    let path = folder.path("empty")
    try write("", to: path)
    #expect(try MappedFile(path: path).byteCount == 0)
  }
}
