import Evaluation
import Testing

@Suite struct WordCounterTests {
  static func count(_ text: String, chunkScalarCount: Int = .max) -> Int {
    var counter = WordCounter()
    var scalars = text.unicodeScalars[...]
    while !scalars.isEmpty {
      let chunk = String(scalars.prefix(chunkScalarCount))
      Array(chunk.utf8).withUnsafeBytes { counter.append($0) }
      scalars = scalars.dropFirst(chunkScalarCount)
    }
    return counter.count
  }

  /// The numbers are those of `len(text.split())` of Python 3.11.
  @Test(arguments: [
    ("", 0), (" \t\r\n", 0), ("a", 1), (" a ", 1), ("one two\nthree\r\n\r\nfour", 4),
    ("a\u{A0}b\u{3000}c\u{1680}d\u{85}e\u{2029}f", 6), ("a\u{200B}b\u{FEFF}c\u{180E}d", 1),
    ("a\u{1C}b\u{1D}c\u{1E}d\u{1F}e\u{B}f\u{C}g", 7), ("héllo 世界 🙂 e\u{301}", 4),
    ("don't stop-go, \u{201C}x\u{201D}", 3),
  ])
  func wordsAreWhatWhiteSpaceSeparates(text: String, expected: Int) {
    #expect(Self.count(text) == expected)
    for size in 1...3 { #expect(Self.count(text, chunkScalarCount: size) == expected) }
  }

  @Test func whiteSpaceIsThatOfUnicodeAndFourSeparators() {
    for value in UInt32(0)..<0x110000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isSpace = scalar.properties.isWhitespace || 0x1C...0x1F ~= value
      var counter = WordCounter()
      Array("a\(scalar)b".utf8).withUnsafeBytes { counter.append($0) }
      if counter.count != (isSpace ? 2 : 1) {
        Issue.record("U+\(String(value, radix: 16))")
      }
    }
  }
}
