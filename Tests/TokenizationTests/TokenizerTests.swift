import Testing
import Tokenization

@Suite struct TokenizerTests {
  @Test func theDocumentedExampleHolds() throws {
    let source = TextSource.text("one fish, two fish", name: "fish")
    let tokenizer = try Tokenizer.fit([source], configuration: TokenizerConfiguration())
    let tokens = tokenizer.encode("no fish?")
    #expect(tokens.ids == [8, 9, 2, 5, 7, 10, 6, 0])
    #expect(tokens.unknowns.map(\.spelling) == ["?"])
    #expect(tokens.unknowns.map(\.tokenIndex) == [7])
    #expect(tokenizer.decode(tokens.ids) == "no fish\u{FFFD}")
  }
}
