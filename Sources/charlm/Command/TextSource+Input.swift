import Storage
import Tokenization

extension TextSource {
  /// A text that the command line names and that is only read.
  ///
  /// Standard input and pipes are spooled in the folder for temporary files.
  static func input(_ argument: String) throws -> TextSource {
    try .argument(argument, spoolingBeside: "\(TemporaryFile.folder)/charlm")
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
