import TestSupport
import Tokenization

extension SampleModel {
  /// Writes a small model of English letters.
  static func write(to folder: TemporaryFolder, _ name: String) throws {
    let text = "The quick brown fox jumps over the lazy dog.\n\n"
    let model = try SampleModel(vocabularyOf: text, tokenizer: TokenizerConfiguration()) { _ in }
    try model.text.write(to: folder.path(name))
  }
}
