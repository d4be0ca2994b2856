import Foundation
import Testing

@Suite struct UnicodeTableTests {
  private static let python = "/usr/bin/python3"

  /// Whether the table can be made again here: from the files it was made from.
  private static let canBeMade =
    FileManager.default.isExecutableFile(atPath: python) && UnicodeFiles.version == "15.0.0"

  @Test(.enabled(if: canBeMade, "skipped: needs python3 and Debian's unicode-data 15.0.0"))
  func theCommittedTableIsWhatItsScriptMakes() throws {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let script = root.appending(path: "scripts/make-unicode-tables.py").path
    let table = root.appending(path: "Sources/CUnicodeTables/UnicodeTables.c")
    let isTheSame =
      try UnicodeFiles.output(of: Self.python, [script])
      == String(contentsOf: table, encoding: .utf8)
    #expect(isTheSame)
  }
}
