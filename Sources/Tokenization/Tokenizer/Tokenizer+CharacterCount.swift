extension Tokenizer {
  /// How many characters (Unicode scalars) each token stands for, by token id: 1 for a scalar, 0 or 1 for
  /// a byte (a scalar counts at its first byte), 1 or more for a grapheme cluster, 1 for the unknown token,
  /// 0 for the end of a text.
  public var characterCounts: [Int] {
    (0..<vocabularySize).map { id in
      switch TokenID(id) {
      case Vocabulary.unknown: 1
      case Vocabulary.endOfText: 0
      default: vocabulary.withUTF8(of: TokenID(id)) { $0.count { $0 & 0xC0 != 0x80 } }
      }
    }
  }
}
