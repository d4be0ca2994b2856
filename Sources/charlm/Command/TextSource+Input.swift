import Glibc
import Storage
import Tokenization

extension TextSource {
  /// A text that the command line names and that is only read.
  ///
  /// Standard input and pipes are spooled in the folder for temporary files.
  static func input(_ argument: String) throws -> TextSource {
    try .argument(argument, spoolingBeside: TemporaryFolder.file)
  }

  /// The text, in memory.
  /// - Throws: `TokenizationError.invalidUTF8` or `StorageError`.
  func wholeText(invalidUTF8: InvalidUTF8Policy) throws -> String {
    var reader = try TextReader(self, invalidUTF8: invalidUTF8)
    var text = ""
    while try reader.next({ text += String(decoding: $0, as: UTF8.self) }) != nil {}
    return text
  }
}

/// The folder for temporary files: `TMPDIR`, or /tmp if that is not set.
enum TemporaryFolder {
  static var path: String {
    guard let variable = getenv("TMPDIR"), variable.pointee != 0 else { return "/tmp" }
    return String(cString: variable)
  }

  /// A path in the folder, beside which files without a name are made.
  static var file: String { "\(path)/charlm" }
}
