import Generation
import Storage
import Tokenization

extension Prompt {
  /// What was read in place of characters that the model does not know.
  /// - Parameter text: what the characters belong to.
  func notes(on text: String) -> [String] {
    [
      substitutions.map {
        "The model has never seen some characters of \(text): read \($0.list)."
      },
      unknowns.map {
        "The model has never seen \($0) of \(text): read as unknown, shown as \u{FFFD}."
      },
    ].compactMap { $0 }
  }
}

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
