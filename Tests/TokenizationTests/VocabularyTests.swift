import Foundation
import Testing
import Tokenization

@Suite struct VocabularyTests {
  private func decode(_ json: String) throws -> Vocabulary {
    try JSONDecoder().decode(Vocabulary.self, from: Data(json.utf8))
  }

  @Test func unitsAreInTheOrderOfTheirBytes() throws {
    let text = "b\u{10FFFF}a\u{E000}\u{FFFF}\u{10000}\u{D7FF}\u{0}é"
    let vocabulary = try Tokenizer.fit(text, TokenizerConfiguration()).vocabulary
    let spellings = (0..<vocabulary.count).map { vocabulary.spelling(of: TokenID($0)) }
    #expect(
      spellings == [
        "\u{FFFD}", "", "\u{0}", "a", "b", "é", "\u{D7FF}", "\u{E000}",
        String(scalars: [0xFFFF]), "\u{10000}", "\u{10FFFF}",
      ])
    for id in 2..<vocabulary.count {
      #expect(vocabulary.id(of: vocabulary.spelling(of: TokenID(id))) == TokenID(id))
    }
  }

  @Test func clustersWithTheSameBeginningAreInTheOrderOfTheirBytes() throws {
    let configuration = TokenizerConfiguration(unit: .grapheme, normalization: .nfd)
    let vocabulary = try Tokenizer.fit("fe\u{301}ee\u{301}\u{316}z\u{10FFFF}", configuration)
      .vocabulary
    let units = (2..<vocabulary.count).map { vocabulary.spelling(of: TokenID($0)).codePoints }
    #expect(units == ["65", "65 301", "65 316 301", "66", "7A", "10FFFF"])
  }

  @Test func rareUnitsAreUnknown() throws {
    for unit in [TokenUnit.scalar, .grapheme] {
      let configuration = TokenizerConfiguration(unit: unit, minimumCount: 2)
      let tokenizer = try Tokenizer.fit("aab\u{30A}\u{30B}ccb\u{30A}\u{30B}d", configuration)
      #expect(tokenizer.vocabulary.id(of: "d") == Vocabulary.unknown)
      #expect(tokenizer.vocabulary.id(of: "c") != Vocabulary.unknown)
      #expect(tokenizer.vocabularySize == (unit == .scalar ? 7 : 5))
      #expect(
        tokenizer.encode("dab").unknowns.map(\.tokenIndex) == (unit == .scalar ? [0] : [0, 2]))
    }
  }

  @Test func noTextSpellsAnEndOfText() throws {
    for unit in TokenUnit.allCases {
      for text in NastyTexts.all {
        let tokenizer = try Tokenizer.fit(text, TokenizerConfiguration(unit: unit))
        #expect(!tokenizer.encode(text).ids.contains(Vocabulary.endOfText))
      }
    }
  }

  @Test func unknownUnitsCostWhatASpellingCosts() throws {
    let scalar = try Tokenizer.fit("abc", TokenizerConfiguration())
    #expect(scalar.unknownNats() == log(1_112_064 - 3))
    let grapheme = try Tokenizer.blank(TokenizerConfiguration(unit: .grapheme))
    let scalarOrEnd = log(1_112_065.0)
    #expect(grapheme.unknownNats(scalarCount: 2) == 3 * scalarOrEnd)
    var encoder = TokenEncoder(grapheme)
    var ids: [TokenID] = []
    Array("ae\u{302}\u{323}\u{302}".utf8).withUnsafeBytes { encoder.append($0, to: &ids) }
    encoder.finish(to: &ids)
    #expect(encoder.unknownCount == 2)
    #expect(encoder.unknownNats == 2 * scalarOrEnd + 3 * scalarOrEnd)
    #expect(try Tokenizer.blank(TokenizerConfiguration(unit: .byte)).unknownNats() == 0)
  }

  @Test func tooManyUnitsAreAnError() throws {
    let scalars = (UInt32(0x10000)..<0x10000 + 65_535).map { $0 }
    let most = TextSource.text(String(scalars: scalars.dropLast()), name: "most")
    let more = TextSource.text(String(scalars: scalars), name: "more")
    let configuration = TokenizerConfiguration(normalization: .none)
    #expect(try Tokenizer.fit([most], configuration: configuration).vocabularySize == 65_536)
    #expect(throws: TokenizationError.vocabularyTooLarge(unitCount: 65_535)) {
      try Tokenizer.fit([more], configuration: configuration)
    }
  }

  @Test(arguments: Pipelines.everything)
  func storedTokenizersComeBack(_ configuration: TokenizerConfiguration) throws {
    let sources = NastyTexts.all.map { TextSource.text($0, name: "text") }
    let tokenizer = try Tokenizer.fit(sources, configuration: configuration)
    let data = try JSONEncoder().encode(tokenizer)
    let stored = try JSONDecoder().decode(Tokenizer.self, from: data)
    #expect(stored == tokenizer)
    for text in NastyTexts.all {
      #expect(stored.encode(text).ids == tokenizer.encode(text).ids)
    }
  }

  @Test func theStoredFormIsReadable() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let vocabulary = try Vocabulary(unit: .scalar, units: ["a", "é"])
    #expect(
      try String(decoding: encoder.encode(vocabulary), as: UTF8.self)
        == #"{"unit":"scalar","units":["a","é"]}"#)
    #expect(
      try String(decoding: encoder.encode(Vocabulary.bytes), as: UTF8.self) == #"{"unit":"byte"}"#)
  }

  @Test(
    arguments: [
      (#"{"unit":"scalar","units":["b","a"]}"#, .unsortedUnits(position: 1)),
      (#"{"unit":"scalar","units":["a","a"]}"#, .unsortedUnits(position: 1)),
      (#"{"unit":"scalar","units":["a","bc"]}"#, .malformedUnit(position: 1, unit: .scalar)),
      (#"{"unit":"scalar","units":["e\u0301"]}"#, .malformedUnit(position: 0, unit: .scalar)),
      (#"{"unit":"scalar","units":[""]}"#, .malformedUnit(position: 0, unit: .scalar)),
      (#"{"unit":"grapheme","units":["a",""]}"#, .malformedUnit(position: 1, unit: .grapheme)),
      (#"{"unit":"scalar"}"#, .unexpectedUnits(unit: .scalar)),
      (#"{"unit":"byte","units":["a"]}"#, .unexpectedUnits(unit: .byte)),
      (#"{"unit":"byte","units":[]}"#, .unexpectedUnits(unit: .byte)),
    ] as [(String, TokenizationError)])
  func liesOfFilesAreRefused(json: String, error: TokenizationError) {
    #expect(throws: error) { try decode(json) }
  }

  @Test(arguments: [
    "{}", "[]", "", #"{"unit":"word","units":[]}"#, #"{"unit":"scalar","units":[1]}"#,
    #"{"unit":"scalar","units":null}"#, #"{"unit":"scalar","units":["\ud800"]}"#,
  ])
  func brokenFilesAreRefused(json: String) {
    #expect(throws: (any Error).self) { try decode(json) }
  }

  @Test func tokenizersOfPartsThatDoNotFitAreRefused() throws {
    let scalars = try Vocabulary(unit: .scalar, units: ["a"])
    #expect(throws: TokenizationError.unitMismatch(configuration: .byte, vocabulary: .scalar)) {
      try Tokenizer(configuration: TokenizerConfiguration(unit: .byte), vocabulary: scalars)
    }
    #expect(
      throws: TokenizationError.invalidSettings(.minimumCountTooSmall(minimumCount: 0))
    ) {
      try Tokenizer(
        configuration: TokenizerConfiguration(minimumCount: 0), vocabulary: scalars)
    }
    #expect(throws: TokenizerSettingsError.minimumCountOfBytes(minimumCount: 2)) {
      try Tokenizer.fit("a", TokenizerConfiguration(unit: .byte, minimumCount: 2))
    }
    let configuration = TokenizerConfiguration(unit: .grapheme)
    let pair = try Vocabulary(unit: .grapheme, units: ["a", "bc"])
    #expect(throws: TokenizationError.malformedUnit(position: 1, unit: .grapheme)) {
      try Tokenizer(configuration: configuration, vocabulary: pair)
    }
    // Another version of Unicode may have seen one cluster there.
    _ = try Tokenizer(configuration: configuration, vocabulary: pair, unicodeVersion: "99.0.0")
  }
}
