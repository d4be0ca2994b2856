import Foundation
import TestSupport
import Testing

@Suite struct LibraryExampleTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// `Tests/LibraryExample/main.swift` is the program of docs/library.md.
  @Test func theProgramOfThePageRuns() throws {
    let page = try String(
      contentsOf: Self.root.appending(path: "docs/library.md"), encoding: .utf8)
    let program = try String(
      contentsOf: Self.root.appending(path: "Tests/LibraryExample/main.swift"), encoding: .utf8)
    #expect(page.contains("```swift\n" + program + "```\n"))
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
