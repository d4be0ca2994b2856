import Storage
import Tokenization

extension TextSource {
  /// A text that the command line names and that is only read: spooled, where it is standard input, in the
  /// folder for temporary files.
  static func input(_ argument: String) throws -> TextSource {
    try .argument(argument, spoolingBeside: temporaryPath)
  }

  /// The whole text, in memory.
  /// - Throws: `TokenizationError.invalidUTF8` or `StorageError`.
  func wholeText(invalidUTF8: InvalidUTF8Policy) throws -> String {
    var reader = try TextReader(self, invalidUTF8: invalidUTF8)
    var text = ""
    while try reader.next({ text += String(decoding: $0, as: UTF8.self) }) != nil {}
    return text
  }
}

extension TokenFile {
  /// The tokens of a text that is only read.
  /// - Throws: `TokenizationError` or `StorageError`.
  static func input(
    _ source: TextSource, tokenizer: Tokenizer, invalidUTF8: InvalidUTF8Policy
  ) throws -> TokenFile {
    try .write([source], tokenizer: tokenizer, invalidUTF8: invalidUTF8, beside: temporaryPath)
  }
}

private let temporaryPath = "/tmp/charlm"
