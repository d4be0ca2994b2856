import Patterns
import Testing
import Tokenization

/// A pattern is brought into the form of the model's text, character by character.
@Suite struct ModelTextTests {
  private static let sample = Tokenizer.everyday + "ö"

  private func tokenizer(
    _ form: NormalizationForm, foldsCase: Bool = false, newlines: NewlinePolicy = .lf,
    _ unit: TokenUnit = .scalar
  ) throws -> Tokenizer {
    try Tokenizer.of(
      Self.sample + (newlines == .keep ? "\r" : ""),
      TokenizerConfiguration(
        unit: unit, normalization: form, foldsCase: foldsCase, newlines: newlines))
  }

  @Test(arguments: TokenUnit.allCases)
  func decomposedAndComposedPatternsAreOne(unit: TokenUnit) throws {
    for form in [NormalizationForm.nfc, .nfd, .nfkc, .nfkd] {
      let tokenizer = try tokenizer(form, unit)
      for pattern in ["é+x", "e\u{301}+x", #"(\u{E9})+x"#, #"(e\u{301})+x"#, "[ö-öé]+x"] {
        #expect(try tokenizer.spells("éééx", pattern), "\(form) \(pattern)")
        #expect(try !tokenizer.spells("éex", pattern), "\(form) \(pattern)")
      }
    }
  }

  @Test func aPatternForTextThatIsNotNormalizedStaysAsItIs() throws {
    let tokenizer = try tokenizer(.none)
    #expect(try tokenizer.spells("e\u{301}", "e\u{301}"))
    #expect(try !tokenizer.spells("é", "e\u{301}"))
    #expect(try tokenizer.spells("é", "[é]") && !tokenizer.spells("e\u{301}", "[é]"))
    #expect(try tokenizer.spells("e\u{301}", "[e\u{301}x]"))
    #expect(try !tokenizer.spells("\u{301}", "[e\u{301}x]"))
  }

  @Test func caseIsFoldedButNotThatOfEscapes() throws {
    let tokenizer = try tokenizer(.nfc, foldsCase: true)
    #expect(try tokenizer.spells("zoë".replacing("ë", with: "é"), "Z[A-P]É"))
    #expect(try tokenizer.spells("a1", #"\D\d"#))
    #expect(try !tokenizer.spells("1a", #"\D\d"#))
    #expect(try tokenizer.spells("ss", "ß") && tokenizer.spells("ssx", "[ß]X"))
  }

  @Test func lineEndsBecomeThoseOfTheText() throws {
    let plain = try tokenizer(.nfc)
    #expect(try plain.spells("a\nb", #"a\r\nb"#) && plain.spells("\n", #"[\r]"#))
    let kept = try tokenizer(.nfc, newlines: .keep)
    #expect(try kept.spells("a\r\nb", #"a\r\nb"#) && !kept.spells("a\nb", #"a\r\nb"#))
    #expect(try !kept.spells("\r", "."))
  }

  @Test func aCharacterThatIsSeveralCannotBeLeftOut() throws {
    let tokenizer = try tokenizer(.nfd)
    #expect(throws: PatternError.severalCharacters(position: 2)) {
      try PatternMatch(Pattern("a[^é]"), tokenizer: tokenizer, minimumLength: 0, length: 9)
    }
    #expect(try tokenizer.spells("aé", "a[é]") && tokenizer.spells("éö", #"(\w\u{301}|.\u{308})+"#))
  }

  /// Signs of the syntax are none that normalization makes.
  @Test func compatibilityFormsMakeNoSigns() throws {
    let tokenizer = try tokenizer(.nfkc)
    #expect(try tokenizer.spells("a*", "a＊") && !tokenizer.spells("aa", "a＊"))
    #expect(try tokenizer.spells("(a", "（a") && tokenizer.spells("2", "₂"))
  }
}
