import Testing
import Tokenization

@Suite struct GraphemeBufferTests {
  /// The clusters are those of the tokenizer's segmenter, which the Unicode files test.
  @Test func clustersAreThoseOfTheTokenizer() throws {
    let text = NastyTexts.all.joined(separator: "\n")
    for text in NastyTexts.all + [text] {
      let tokenizer = try Tokenizer.fit(
        [.text(text, name: "text")],
        configuration: TokenizerConfiguration(
          unit: .grapheme, normalization: .none, newlines: .keep))
      let expected = tokenizer.encode(text).ids.map { tokenizer.vocabulary.spelling(of: $0) }
      let found = GraphemeBuffer.clusters(of: text)
      #expect(found.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    }
  }

  @Test func aClusterIsHeldUntilTheNextOneBegins() {
    var buffer = GraphemeBuffer()
    #expect(buffer.append("a") == "")
    #expect(buffer.append("e") == "a")
    #expect(buffer.append("\u{301}") == "")
    #expect(buffer.append("\u{316}👩") == "e\u{301}\u{316}")
    #expect(buffer.append("\u{200D}") == "")
    #expect(buffer.append("👧b") == "👩\u{200D}👧")
    #expect(buffer.finish() == "b")
    #expect(buffer.append("\u{301}") == "" && buffer.finish() == "\u{301}" && buffer.finish() == "")
  }
}
