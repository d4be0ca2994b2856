/// Converts token ids, one at a time, to text in whole characters.
///
/// If the unit is the byte, the bytes of a character are held back until its last one; sequences
/// that are not UTF-8 become U+FFFD by maximal subparts.
public struct TextDecoder: Sendable {
  private let tokenizer: Tokenizer
  /// The bytes of an incomplete character.
  private var held: [UInt8] = []
  /// The number of characters released: one a token if units are scalars or grapheme clusters, one
  /// a scalar for bytes; `Vocabulary.endOfText` is one only where it separates documents.
  public private(set) var characterCount = 0

  /// Creates a decoder at the beginning of a text.
  public init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
  }

  /// The text that `id` completes: nothing, a character, or several if held bytes are found not to
  /// be UTF-8.
  /// - Precondition: `id` is less than the vocabulary's `count`.
  public mutating func append(_ id: TokenID) -> String {
    guard tokenizer.vocabulary.unit == .byte, Int(id) >= Vocabulary.firstUnit else {
      let before = finish()
      let spelling = tokenizer.spelling(of: id)
      if !spelling.isEmpty { characterCount += 1 }
      return before + spelling
    }
    tokenizer.vocabulary.withUTF8(of: id) { held.append($0[0]) }
    var text = ""
    while !held.isEmpty {
      let byteCount: Int
      switch held.withUnsafeBufferPointer({ UTF8Validation.sequence(in: $0, at: 0) }) {
      case .incomplete: return text
      case .wellFormed(let count), .illFormed(let count): byteCount = count
      }
      // One maximal subpart becomes one U+FFFD.
      text += String(decoding: held[..<byteCount], as: UTF8.self)
      held.removeFirst(byteCount)
      characterCount += 1
    }
    return text
  }

  /// The rest of the text at its end: U+FFFD for an incomplete character.
  public mutating func finish() -> String {
    guard !held.isEmpty else { return "" }
    held.removeAll()
    characterCount += 1
    return "\u{FFFD}"
  }
}
