import Foundation
import Testing
import Tokenization

/// The test files of the Unicode Character Database, from Debian's package unicode-data.
enum UnicodeFiles {
  private static let folder = "/usr/share/unicode/"

  /// Says that tests were skipped where the files are missing.
  static let missing: Comment =
    "skipped: Unicode's own tests need Debian's unicode-data (of utf8proc's version) and bzip2"

  /// Whether the files are there, and of the version of Unicode that utf8proc implements.
  static let areInstalled =
    FileManager.default.isExecutableFile(atPath: "/usr/bin/bzip2")
    && FileManager.default.fileExists(atPath: folder + "NormalizationTest.txt.bz2")
    && version == Tokenizer.systemUnicodeVersion

  /// The version of the installed files, as the first line of one of them has it.
  static let version: String? = {
    let heading = try? text(of: "CaseFolding.txt").prefix { $0 != "\n" }
    return heading?.split(separator: "-").last?.replacingOccurrences(of: ".txt", with: "")
  }()

  /// The fields of each line of a file, without comments; a line without `;` has one field.
  static func fields(of name: String) throws -> [[Substring]] {
    try text(of: name).split(separator: "\n").compactMap { line in
      let content = line.prefix { $0 != "#" }
      let fields = content.split(separator: ";", omittingEmptySubsequences: false)
      return content.allSatisfy(\.isWhitespace) ? nil : fields
    }
  }

  /// The scalars that a field lists in hexadecimal.
  static func scalars(_ field: Substring) -> [UInt32] {
    field.split(separator: " ").compactMap { UInt32($0, radix: 16) }
  }

  private static func text(of name: String) throws -> String {
    let path = folder + name
    guard name.hasSuffix(".bz2") else { return try String(contentsOfFile: path, encoding: .utf8) }
    return try output(of: "/usr/bin/bzip2", ["-dc", path])
  }

  /// What a program writes to its standard output.
  static func output(of program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
