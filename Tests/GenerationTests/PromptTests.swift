import Generation
import Testing
import Tokenization

@Suite struct PromptTests {
  static func tokenizer(
    _ text: String, _ configuration: TokenizerConfiguration = TokenizerConfiguration()
  ) throws -> Tokenizer {
    try .fit([.text(text, name: "sample")], configuration: configuration)
  }

  @Test func aPromptIsReadAsTheModelReadsText() throws {
    let tokenizer = try Self.tokenizer("é\nab")
    let prompt = try Prompt("e\u{301}\r\na", tokenizer: tokenizer, strict: true)
    #expect(Array(prompt.text.utf8) == Array("é\na".utf8))
    #expect(prompt.tokens == tokenizer.encode("é\na").ids)
    #expect(prompt.unknowns == nil)
    #expect(try Prompt("", tokenizer: tokenizer, strict: true).tokens.isEmpty)
  }

  @Test func unknownCharactersAreReplacedAndTold() throws {
    let prompt = try Prompt("a€b\u{7}€\u{1B}a", tokenizer: Self.tokenizer("ab"))
    #expect(prompt.text == "a\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}a")
    #expect(prompt.tokens == [2, 0, 3, 0, 0, 0, 2])
    let unknowns = try #require(prompt.unknowns)
    #expect(unknowns.count == 4)
    #expect(unknowns.description == "4 characters ('€' U+20AC, U+0007, U+001B)")
  }

  /// What keyboards and typographers use for one another, in both directions.
  @Test(arguments: [
    (
      "“I will,” he said — it’s ‘so’.", "\"I will,\" he said — it's 'so'.",
      "“I will,” he said — it’s ‘so’."
    ),
    ("\"I will,\" he's 'so' -- no.", "“I will,” he’s ‘so’ — no.", "\"I will,\" he's 'so' -- no."),
    ("„Ich“, so", "\"Ich\", so “Ich”", "„Ich“, so “Ich“"),
    ("«Oui», so", "\"Oui\", so „Oui“", "«Oui», so «Oui»"),
    ("a ’s", "'a' s's", "’a’ s’s"),
    ("a – b", "a — b", "a – b"), ("a— b", "a--b - b", "a—b — b"), ("a-b", "a‐b", "a-b"),
    ("a... b", "a… b", "a... b"), ("a\u{A0}b", "a b\u{2009}a", "a\u{A0}b\u{A0}a"),
    ("a b", "a\u{A0}b\tb\nb", "a b b b"),
  ]) func typographyIsThatOfTheModel(text: String, typed: String, expected: String) throws {
    var configuration = TokenizerConfiguration()
    configuration.normalization = .nfc
    let prompt = try Prompt(typed, tokenizer: Self.tokenizer(text, configuration))
    #expect(prompt.text.unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test func whatIsReadInsteadIsNamedOnce() throws {
    let prompt = try Prompt("\"a\" \"a\"", tokenizer: Self.tokenizer("“a” a"))
    #expect(
      prompt.substitutions?.list == "'\"' U+0022 as '“' U+201C or '”' U+201D")
  }

  @Test func strictRefusesThem() throws {
    let tokenizer = try Self.tokenizer("ab")
    #expect {
      try Prompt("a\u{202E}b", tokenizer: tokenizer, strict: true)
    } throws: {
      "\($0)"
        == "The model does not know 1 character (U+202E) of the prompt: remove them, or let them be "
        + "replaced."
    }
  }

  /// Whatever the prompt, a terminal obeys nothing of the message.
  @Test func descriptionsAreHarmless() throws {
    // Nothing is near to a snowman.
    let tokenizer = try Self.tokenizer(
      "☃", TokenizerConfiguration(normalization: .none, newlines: .keep))
    let ranges: [ClosedRange<UInt32>] = [
      0...0x24FF, 0x3000...0x3100, 0xE000...0xE010, 0xFE00...0xFFFF,
    ]
    for range in ranges {
      for value in range {
        guard let scalar = Unicode.Scalar(value), scalar != "☃" else { continue }
        let unknowns = try Prompt(String(scalar), tokenizer: tokenizer).unknowns!
        let digits = String(value, radix: 16, uppercase: true)
        #expect(unknowns.description.hasSuffix("\(digits))"))
        for shown in unknowns.description.unicodeScalars {
          switch shown.properties.generalCategory {
          case .control, .format, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .nonspacingMark, .enclosingMark, .spacingMark:
            Issue.record("U+\(digits)")
          default: break
          }
        }
      }
    }
  }

  @Test func listsAreShortAndTellCanonicalTwinsApart() throws {
    let tokenizer = try Self.tokenizer("a", TokenizerConfiguration(normalization: .none))
    let many = try Prompt("bcdefghijklb", tokenizer: tokenizer).unknowns!
    #expect(many.names.count == 11)
    #expect(many.description.hasPrefix("12 characters ('b' U+0062, "))
    #expect(many.description.hasSuffix("'i' U+0069 and 3 more)"))
    let snowman = try Self.tokenizer("☃", TokenizerConfiguration(normalization: .none))
    let twins = try Prompt("\u{C5}\u{212B}", tokenizer: snowman).unknowns!
    #expect(twins.names == ["'\u{C5}' U+00C5", "'\u{212B}' U+212B"])

    let clusters = try Self.tokenizer(
      "a", TokenizerConfiguration(unit: .grapheme, normalization: .none))
    let cluster = try Prompt("👍🏽z" + String(repeating: "\u{301}", count: 20), tokenizer: clusters)
    #expect(cluster.unknowns!.names[0] == "U+1F44D U+1F3FD")
    #expect(cluster.unknowns!.names[1].hasSuffix("U+0301 ..."))
  }

  @Test(arguments: [
    // What the model knows, the prompt, and what it reads.
    ("e\u{301}", "\u{E9}", "e\u{301}"),  // canonical decomposition
    ("\u{C5}", "\u{212B}", "\u{C5}"),  // canonical composition
    ("1/2\u{2044}", "\u{BD}", "1\u{2044}2"),  // compatibility decomposition
    ("A", "\u{FF21}", "A"),  // width
    ("\u{30AC}", "\u{FF76}\u{FF9E}", "\u{FFFD}\u{FFFD}"),  // each character by itself
    ("e", "\u{E9}", "e"),  // an unknown mark
    ("straße", "STRAẞE", "stra\u{73}\u{73}e"),  // lower case, folded in full
    ("ABC", "abc", "ABC"),  // upper case
    ("e", "\u{C9}", "e"),  // lower case, and an unknown mark
    ("fi", "\u{FB01}", "fi"),
    ("\u{17F}\u{1E61}", "\u{1E9B}", "\u{1E61}"),  // a compatibility form before an unknown mark
    ("ab", "a\u{301}b\u{7}", "a\u{FFFD}b\u{FFFD}"),
    ("ab", "\u{301}", "\u{FFFD}"),  // a mark alone is not left out
  ])
  func theNearestKnownCharactersAreRead(known: String, text: String, expected: String) throws {
    let tokenizer = try Self.tokenizer(known, TokenizerConfiguration(normalization: .none))
    let prompt = try Prompt(text, tokenizer: tokenizer)
    #expect(Array(prompt.text.unicodeScalars) == Array(expected.unicodeScalars))
    #expect(prompt.tokens == tokenizer.encode(prompt.text).ids)
    #expect((prompt.unknowns == nil) == !expected.unicodeScalars.contains("\u{FFFD}"))
    #expect(throws: GenerationError.self) {
      try Prompt(text, tokenizer: tokenizer, strict: true)
    }
  }

  @Test func clustersAreReadAsNearClustersOrTheirScalars() throws {
    let tokenizer = try Self.tokenizer(
      "e👍👨", TokenizerConfiguration(unit: .grapheme, normalization: .none))
    let prompt = try Prompt("E\u{301}👍🏽👨‍👨z", tokenizer: tokenizer)
    #expect(prompt.text == "e\u{FFFD}👨👨\u{FFFD}")
    #expect(
      prompt.substitutions?.list
        == "U+0045 U+0301 as 'e' U+0065, U+1F468 U+200D U+1F468 as U+1F468 U+1F468")
  }

  @Test func substitutesAreToldOnceEach() throws {
    let prompt = try Prompt("éaéÉ€", tokenizer: Self.tokenizer("ae"))
    #expect(prompt.text == "eaee\u{FFFD}")
    #expect(prompt.substitutions?.count == 3)
    #expect(
      prompt.substitutions?.list == "'é' U+00E9 as 'e' U+0065, 'É' U+00C9 as 'e' U+0065")
    #expect(prompt.unknowns?.description == "1 character ('€' U+20AC)")
    #expect(try Prompt("a", tokenizer: Self.tokenizer("ae")).substitutions == nil)
  }
}
