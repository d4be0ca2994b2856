import Foundation
import TestSupport
import Testing

@Suite struct LibraryExampleTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// `LibraryExample.swift` is the example.
  @Test func theExampleOfREADMEIsCompiled() throws {
    let example = Self.root.appending(path: "Tests/CommandTests/LibraryExample.swift")
    let code = try String(contentsOf: example, encoding: .utf8)
    let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.contains("```swift\n" + code + "```\n"))
  }

  @Test func theExampleOfREADMERuns() throws {
    let folder = try TemporaryFolder()
    let novel = Self.root.appending(path: "corpora/the-salt-road.txt").path
    let text = try trainGenerateEvaluate(
      novel: novel, other: novel, model: folder.path("model.safetensors"))
    #expect(text.hasPrefix("It was"))
    #expect(text.contains("bits per character"))
  }
}
