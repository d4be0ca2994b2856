import Foundation

/// The commands and options of docs/coming-from.md.
struct RecipePage {
  /// The arguments after `charlm` of each command in a fenced block, in order.
  let commands: [[String]]
  /// The options in the last column of the tables.
  let options: Set<String>

  init() throws {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "docs/coming-from.md"), encoding: .utf8)
    let blocks = page.split(separator: "```", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { $0.element.replacing("\\\n", with: " ") }
    commands = blocks.flatMap { $0.split(separator: "\n") }.map(Self.words)
      .filter { $0.first == "charlm" }.map { Array($0.dropFirst()) }
    let cells = page.split(separator: "\n").filter { $0.hasPrefix("|") }
      .compactMap { $0.split(separator: "|").last }
    options = cells.reduce(into: []) { $0.formUnion(Self.options(in: $1)) }
  }

  /// The options in `text`.
  static func options(in text: some StringProtocol) -> Set<String> {
    Set(String(text).matches(of: /--[a-z][a-z0-9-]*/).map { String($0.output) })
  }

  /// The words of a shell command, some of which are in double quotes.
  private static func words(_ line: Substring) -> [String] {
    line.matches(of: /"([^"]*)"|[^ "]+/).map { String($0.output.1 ?? $0.output.0) }
  }
}
