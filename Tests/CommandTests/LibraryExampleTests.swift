import Foundation
import TestSupport
import Testing

@Suite struct LibraryExampleTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// `Tests/LibraryExample/main.swift` is the program of docs/library.md and of an article.
  @Test func theProgramOfThePagesRuns() throws {
    let program = try String(
      contentsOf: Self.root.appending(path: "Tests/LibraryExample/main.swift"), encoding: .utf8)
    for path in ["docs/library.md", "Sources/CharlmKit/CharlmKit.docc/GettingStarted.md"] {
      let page = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
      #expect(page.contains("```swift\n" + program + "```\n"), "\(path)")
    }
    let charlm = try Charlm()
    let process = try charlm.process([
      Self.root.appending(path: "corpora/the-salt-road.txt").path
    ])
    process.executableURL = Charlm.executable.deletingLastPathComponent()
      .appending(path: "LibraryExample")
    try process.run()
    process.waitUntilExit()
    let messages = try charlm.text("standard-error")
    #expect(process.terminationStatus == 0, "\(messages)")
    let output = try charlm.text("standard-output")
    #expect(output.contains("\nIt was"))
    #expect(output.hasSuffix(" bits per character\n"))
    #expect(try charlm.read("model.safetensors").count > 100_000)
  }
}
