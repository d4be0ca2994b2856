import Foundation
import Storage
import TestSupport
import Testing

@Suite struct FolderTests {
  /// A combining mark after a slash makes it another `Character`, but not for the system.
  @Test(arguments: ["a/b/c", "a//b/", "a/\u{301}b/c"])
  func missingParentsAreMade(name: String) throws {
    let folder = try TemporaryFolder()
    try createFolder(path: folder.path(name))
    var isFolder: ObjCBool = false
    #expect(FileManager.default.fileExists(atPath: folder.path(name), isDirectory: &isFolder))
    #expect(isFolder.boolValue)
  }
}
