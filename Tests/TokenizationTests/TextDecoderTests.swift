import Testing
import Tokenization

@Suite struct TextDecoderTests {
  @Test func onlyWholeCharactersAreReleased() throws {
    let tokenizer = try Tokenizer.blank(TokenizerConfiguration(unit: .byte))
    var decoder = TextDecoder(tokenizer)
    let pieces = tokenizer.encode("aß中😀").ids.map { decoder.append($0) }
    #expect(pieces == ["a", "", "ß", "", "", "中", "", "", "", "😀"])
    #expect(decoder.finish() == "")
    #expect(decoder.characterCount == 4)
  }

  @Test func aTextThatEndsInACharacterShowsIt() throws {
    let tokenizer = try Tokenizer.blank(TokenizerConfiguration(unit: .byte))
    let bytes = [0xE4, 0xB8].map { TokenID($0 + 2) }
    #expect(tokenizer.decode(bytes) == "\u{FFFD}")
    let last = TokenID(0xAD + 2)
    #expect(tokenizer.decode(bytes + [last]) == "中")
    #expect(tokenizer.decode(bytes + [Vocabulary.endOfText, last]) == "\u{FFFD}\u{FFFD}")
    #expect(tokenizer.decode(bytes + [Vocabulary.unknown, 0x63]) == "\u{FFFD}\u{FFFD}a")
  }

  @Test(arguments: [TokenUnit.scalar, .grapheme])
  func eachTokenIsACharacter(_ unit: TokenUnit) throws {
    let tokenizer = try Tokenizer.fit("ae\u{302}\u{323}🇩🇪", TokenizerConfiguration(unit: unit))
    let tokens = tokenizer.encode("🇩🇪ae\u{302}\u{323}!")
    var decoder = TextDecoder(tokenizer)
    var text = decoder.append(Vocabulary.endOfText)
    for id in tokens.ids { text += decoder.append(id) }
    #expect(text.utf8.elementsEqual("🇩🇪a\u{1EC7}\u{FFFD}".utf8))
    #expect(decoder.characterCount == tokens.ids.count)
  }
}
