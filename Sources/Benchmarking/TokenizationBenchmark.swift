import Tokenization

/// Measures the speed from UTF-8 to token ids on one thread, including validation and
/// normalization, as training reads its corpus.
package enum TokenizationBenchmark {
  /// The default number of bytes of a text.
  package static let byteCount = 4 << 20

  /// - Returns: the speed for one text; the vocabulary, which covers all of it, is made beforehand.
  package static func measure(
    _ text: SyntheticText, byteCount: Int = byteCount, seconds: Double
  ) throws -> Speed {
    let bytes = text.bytes(count: byteCount)
    let source = TextSource.bytes(bytes, name: text.rawValue)
    let tokenizer = try Tokenizer.fit([source], configuration: TokenizerConfiguration())
    var characterCount = 0
    let timing = try Timing.measure(for: seconds) {
      var encoder = TokenEncoder(tokenizer)
      try encoder.encode(source) { _ in true }
      characterCount = encoder.characterCount
    }
    return Speed(timing: timing, characterCount: characterCount, byteCount: bytes.count)
  }
}
