import Foundation
import Testing

/// The test files of the Unicode Character Database, from Debian's package unicode-data.
enum UnicodeFiles {
  private static let folder = "/usr/share/unicode/"

  /// Says that tests were skipped where the files are missing.
  static let missing: Comment =
    "skipped: install Debian's package unicode-data for Unicode's own tests"

  static var areInstalled: Bool {
    FileManager.default.fileExists(atPath: folder + "NormalizationTest.txt.bz2")
      && FileManager.default.isExecutableFile(atPath: "/usr/bin/bzip2")
  }

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
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/bzip2")
    process.arguments = ["-dc", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
