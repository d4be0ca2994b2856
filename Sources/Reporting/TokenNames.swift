import Tokenization

/// The names of tokens for people: a unit by itself, `<unknown>`, `<end>`, and a byte outside ASCII
/// as `<0xE2>`.
package struct TokenNames: Sendable {
  /// By token.
  package let names: [String]

  package init(_ tokenizer: Tokenizer) {
    names = (0..<tokenizer.vocabularySize).map { id in
      switch TokenID(id) {
      case Vocabulary.unknown: "<unknown>"
      case Vocabulary.endOfText: "<end>"
      default: tokenizer.vocabulary.withUTF8(of: TokenID(id), Self.name)
      }
    }
  }

  package subscript(token: TokenID) -> String { names[Int(token)] }

  private static func name(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    guard bytes.count == 1, bytes[0] >= 0x80 else { return String(decoding: bytes, as: UTF8.self) }
    return "<0x\(String(bytes[0], radix: 16, uppercase: true))>"
  }
}
