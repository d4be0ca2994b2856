import Generation
import Storage
import Tokenization

extension TextSource {
  /// The most bytes of a text in which characters are substituted.
  private static let mostSubstitutedByteCount = 1 << 26

  /// The text with known characters in place of unknown ones, as `Prompt` chooses them; a very long
  /// text stays as it is.
  /// - Parameter option: names the text in notes.
  /// - Throws: `TokenizationError.invalidUTF8` or `StorageError`.
  func substituting(
    for tokenizer: Tokenizer, option: String, encoding: EncodingOptions, shared: SharedOptions
  ) throws -> TextSource {
    var byteCount = 0
    try forEachPiece { byteCount += $0.count }
    guard byteCount <= Self.mostSubstitutedByteCount else { return self }
    let text = try wholeText(invalidUTF8: encoding.invalidUTF8)
    let prompt = try Prompt(text, tokenizer: tokenizer)
    for note in prompt.notes(on: option) { shared.note(note) }
    return prompt.substitutions == nil ? self : .text(prompt.text, name: name)
  }
}
