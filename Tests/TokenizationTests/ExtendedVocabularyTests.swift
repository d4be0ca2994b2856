import FoundationEssentials
import Testing
import Tokenization

@Suite struct ExtendedVocabularyTests {
  static func tokenizer(
    _ text: String, unit: TokenUnit = .scalar, minimumCount: Int = 1
  ) throws -> Tokenizer {
    try Tokenizer.fit(
      [.text(text, name: "old")],
      configuration: TokenizerConfiguration(unit: unit, minimumCount: minimumCount))
  }

  static func units(_ tokenizer: Tokenizer) -> [String] {
    (2..<tokenizer.vocabularySize).map { tokenizer.vocabulary.spelling(of: TokenID($0)) }
  }

  @Test func oldTokensKeepTheirMeaningAndNewOnesStandBehindThem() throws {
    let old = try Self.tokenizer("bdf")
    let new = try old.extended(by: [.text("zebra", name: "new")])
    #expect(Self.units(new) == ["b", "d", "f", "a", "e", "r", "z"])
    #expect(new.vocabulary.addedCount == 4)
    #expect(new.encode("bdf").ids == old.encode("bdf").ids)
    #expect(new.encode("zebra").ids == [8, 6, 2, 7, 5])
    #expect(new.decode(new.encode("a fez").ids) == "a\u{FFFD}fez")
    #expect(new.configuration == old.configuration)

    // A second time: behind those of the first.
    let third = try new.extended(by: [.text("face", name: "third")])
    #expect(Self.units(third) == ["b", "d", "f", "a", "e", "r", "z", "c"])
    #expect(third.vocabulary.addedCount == 5)
  }

  @Test func aTextWithoutNewUnitsChangesNothing() throws {
    let old = try Self.tokenizer("the same letters")
    #expect(
      try old.extended(by: [
        .text("he set sail, that is ".filter { "theasmlr ".contains($0) }, name: "new")
      ]) == old)
  }

  @Test func rareUnitsAreAddedOnlyWhereTheMinimumCountAllows() throws {
    let old = try Self.tokenizer("aaab", minimumCount: 2)
    #expect(Self.units(old) == ["a"])
    let sources = [TextSource.text("abbc", name: "new")]
    #expect(try Self.units(old.extended(by: sources)) == ["a", "b"])
    let all = try old.extended(by: sources, minimumCount: 1)
    #expect(Self.units(all) == ["a", "b", "c"])
    #expect(all.configuration.minimumCount == 1)
    #expect(throws: TokenizerSettingsError.minimumCountTooSmall(minimumCount: 0)) {
      try old.extended(by: sources, minimumCount: 0)
    }
  }

  @Test func clustersAreAddedAndBytesAreNot() throws {
    let clusters = try Self.tokenizer("ab", unit: .grapheme)
      .extended(by: [.text("ax\u{301}", name: "new")])
    #expect(Self.units(clusters) == ["a", "b", "x\u{301}"])
    #expect(clusters.encode("x\u{301}a").ids == [4, 2])
    let bytes = try Self.tokenizer("ab", unit: .byte)
    #expect(try bytes.extended(by: [.text("é", name: "new")]) == bytes)
  }

  @Test func theStoredFormIsCheckedAndReadBack() throws {
    let tokenizer = try Self.tokenizer("bdf").extended(by: [.text("zebra", name: "new")])
    let data = try JSONEncoder().encode(tokenizer.vocabulary)
    #expect(try JSONDecoder().decode(Vocabulary.self, from: data) == tokenizer.vocabulary)
    func decode(_ json: String) throws -> Vocabulary {
      try JSONDecoder().decode(Vocabulary.self, from: Data(json.utf8))
    }
    #expect(
      try decode(#"{"unit":"scalar","units":["b","a"],"addedCount":1}"#).addedCount == 1)
    for (json, error) in [
      (#"{"unit":"scalar","units":["b","a","b"],"addedCount":2}"#, 2),
      (#"{"unit":"scalar","units":["c","b","a"],"addedCount":1}"#, 1),
    ] {
      #expect(throws: TokenizationError.unsortedUnits(position: error)) { try decode(json) }
    }
    for count in ["2", "-1"] {
      #expect(throws: DecodingError.self) {
        try decode(#"{"unit":"scalar","units":["b"],"addedCount":\#(count)}"#)
      }
    }
  }
}
