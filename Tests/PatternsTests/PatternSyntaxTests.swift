import Patterns
import Testing
import Tokenization

@Suite struct PatternSyntaxTests {
  /// What each expression matches, and what not.
  static let expressions: [(String, [String], [String])] = [
    ("", [""], ["a"]), ("abc", ["abc"], ["", "ab", "abcc"]), ("é☃", ["é☃"], ["é"]),
    (#"\.\*\\\/\-\]\}"#, [#".*\/-]}"#], ["a"]), ("]}", ["]}"], ["]"]),
    (#"a\nb\tc"#, ["a\nb\tc"], ["a b c"]), (#"\f\v"#, ["\u{C}\u{B}"], ["fv"]),
    (#"\x41\u{1F600}\u00E9\u{e9}"#, ["A😀éé"], ["A😀e"]),
    (".", ["a", "é", " ", "\t"], ["\n", "", "ab"]),
    (#"\d"#, ["7", "٣"], ["a", "₂"]), (#"\D"#, ["a", "₂", "\n"], ["7", "٣"]),
    (#"\w"#, ["a", "É", "_", "3", "٣"], [" ", "-", "☃", "₂"]), (#"\W"#, ["-", "\n"], ["a"]),
    (#"\s"#, [" ", "\n", "\t", "\u{C}"], ["a"]), (#"\S"#, ["a", "☃"], [" ", "\n"]),
    ("[a-cx]", ["a", "b", "c", "x"], ["d", "-", ""]), ("[^a-c]", ["d", "\n", "é"], ["a", "c"]),
    ("[-a]", ["-", "a"], ["b"]), ("[a-]", ["-", "a"], ["b"]), ("[a-c-e]", ["b", "-", "e"], ["d"]),
    (#"[\d\s-]"#, ["4", " ", "-"], ["d"]), (#"[^\d\s]"#, ["a", "-"], ["4", " "]),
    (#"[\]\[^]"#, ["]", "[", "^"], ["a"]), (#"[\^a]"#, ["^", "a"], ["b"]),
    (#"[.*+?(){}|$]"#, [".", "*", "$", "{"], ["a", "\\"]), (#"[\n\x41]"#, ["\n", "A"], ["n"]),
    ("[é-ü]", ["é", "ü"], ["e", "É"]), ("[--/]", ["-", ".", "/"], ["0"]),
    ("a|b|", ["a", "b", ""], ["ab"]), ("ab|cd", ["ab", "cd"], ["abd"]),
    ("(a|b)c", ["ac", "bc"], ["c"]), ("(?:a|b)c", ["ac", "bc"], ["c"]), ("()", [""], ["a"]),
    ("a?", ["", "a"], ["aa"]), ("a*", ["", "aaa"], ["b"]), ("a+", ["a", "aa"], [""]),
    ("a{2}", ["aa"], ["a", "aaa"]), ("a{2,}", ["aa", "aaaa"], ["a"]),
    ("a{1,2}", ["a", "aa"], ["", "aaa"]), ("a{0}b", ["b"], ["ab"]), ("a{0,1}", ["", "a"], ["aa"]),
    ("(ab)*", ["", "abab"], ["aba"]), ("(a*)*", ["", "aa"], ["b"]), ("(a|b?)+", ["", "ba"], ["c"]),
    ("ab*", ["a", "abb"], ["abab"]), ("e\u{301}\u{301}+", ["e\u{301}\u{301}"], ["e"]),
    ("^ab$", ["ab"], ["^ab$", "a"]), ("^", [""], ["^"]), ("$", [""], ["$"]), ("^$", [""], ["a"]),
    ("^a|b$", ["a", "b"], ["ab"]), (#"\^\$"#, ["^$"], [""]),
    (#"\d{1,2} (May|June) \d{4}"#, ["7 May 1912", "14 June 2030"], ["7 May 191", "7May 1912"]),
  ]

  @Test(arguments: expressions)
  func expressionsMatchWhatTheySay(
    expression: String, matches: [String], others: [String]
  ) throws {
    let tokenizer = try Tokenizer.of(Tokenizer.everyday)
    for text in matches { #expect(try tokenizer.spells(text, expression), "\(text)") }
    for text in others { #expect(try !tokenizer.spells(text, expression), "\(text)") }
  }

  static let faults: [(String, PatternError)] = [
    ("*a", .nothingToRepeat(position: 1)), ("a|+", .nothingToRepeat(position: 3)),
    ("(?:?)", .nothingToRepeat(position: 4)), ("{2}", .nothingToRepeat(position: 1)),
    ("a**", .nothingToRepeat(position: 3)), ("a+{2}", .nothingToRepeat(position: 3)),
    ("^*", .nothingToRepeat(position: 2)),
    ("ab*?", .lazyQuantifier(position: 4)), ("a{2}+", .lazyQuantifier(position: 5)),
    ("a??", .lazyQuantifier(position: 3)),
    ("a{", .malformedQuantifier(position: 2)), ("a{,3}", .malformedQuantifier(position: 2)),
    ("a{x}", .malformedQuantifier(position: 2)), ("a{2,3", .malformedQuantifier(position: 2)),
    ("a{-1}", .malformedQuantifier(position: 2)), ("a{3,2}", .reversedQuantifier(position: 2)),
    ("é{100001}", .repetitionTooLarge(position: 2)),
    ("a{99999999999999999999}", .repetitionTooLarge(position: 2)),
    ("a(b", .unclosedGroup(position: 2)), ("((a)", .unclosedGroup(position: 1)),
    ("(?:", .unclosedGroup(position: 1)),
    ("ab)", .unopenedGroup(position: 3)), (")", .unopenedGroup(position: 1)),
    ("a(?=b)", .unsupportedGroup(position: 2)), ("(?!b)", .unsupportedGroup(position: 1)),
    ("(?<=b)", .unsupportedGroup(position: 1)), ("(?<n>b)", .unsupportedGroup(position: 1)),
    ("(?P<n>b)", .unsupportedGroup(position: 1)), ("(?i)b", .unsupportedGroup(position: 1)),
    ("(?", .unsupportedGroup(position: 1)),
    (#"(a)\1"#, .backReference(position: 4)), (#"\k<n>"#, .unsupportedEscape("k", position: 1)),
    (#"a\b"#, .unsupportedEscape("b", position: 2)),
    (#"\pL"#, .unsupportedEscape("p", position: 1)),
    (#"\0"#, .unsupportedEscape("0", position: 1)),
    (#"[\b]"#, .unsupportedEscape("b", position: 2)),
    (#"\x4"#, .malformedEscape(position: 1)), (#"\xg0"#, .malformedEscape(position: 1)),
    (#"\u{}"#, .malformedEscape(position: 1)), (#"\u{110000}"#, .malformedEscape(position: 1)),
    (#"\u{41"#, .malformedEscape(position: 1)), (#"\uD800"#, .malformedEscape(position: 1)),
    (#"\u12"#, .malformedEscape(position: 1)), (#"[\u{D800}]"#, .malformedEscape(position: 2)),
    (#"ab\"#, .trailingBackslash(position: 3)), (#"[ab\"#, .trailingBackslash(position: 4)),
    ("a^b", .anchorInside(position: 2)), ("a$b", .anchorInside(position: 2)),
    ("(^a)", .anchorInside(position: 2)), ("(a$)", .anchorInside(position: 3)),
    ("^^a", .anchorInside(position: 2)), ("a$$", .anchorInside(position: 2)),
    ("a|^b", .anchorInside(position: 3)), ("a$|b", .anchorInside(position: 2)),
    ("x[ab", .unclosedClass(position: 2)), ("[a-", .unclosedClass(position: 1)),
    ("[^", .unclosedClass(position: 1)),
    ("[]a]", .emptyClass(position: 1)), ("a[^]", .emptyClass(position: 2)),
    ("[[:alpha:]]", .bracketInClass(position: 2)), ("[a[bc]]", .bracketInClass(position: 3)),
    ("[z-a]", .reversedRange(position: 2)), (#"[\u{100}-é]"#, .reversedRange(position: 2)),
    (#"[a-\d]"#, .rangeBound(position: 4)), (#"[\w-z]"#, .rangeBound(position: 2)),
    ("[e\u{301}\u{301}-z]", .rangeBound(position: 2)),
  ]

  @Test(arguments: faults)
  func whatIsNoExpressionIsRefusedWithItsPlace(expression: String, error: PatternError) {
    #expect(throws: error) { try Pattern(expression) }
  }

  @Test func groupsMayStandWithinGroupsButNotWithoutEnd() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
    }
    _ = try Pattern(nested(200))
    #expect(throws: PatternError.groupsTooDeep(position: 201)) { try Pattern(nested(201)) }
    #expect(throws: PatternError.groupsTooDeep(position: 201)) { try Pattern(nested(100_000)) }
  }

  @Test func eachErrorIsOneSentenceOnOneLine() {
    let errors: [PatternError] = [
      .nothingToRepeat(position: 3), .lazyQuantifier(position: 3),
      .malformedQuantifier(position: 3), .reversedQuantifier(position: 3),
      .repetitionTooLarge(position: 3), .unclosedGroup(position: 3), .unopenedGroup(position: 3),
      .unsupportedGroup(position: 3), .groupsTooDeep(position: 3), .backReference(position: 3),
      .unsupportedEscape("b", position: 3), .malformedEscape(position: 3),
      .trailingBackslash(position: 3), .anchorInside(position: 3), .unclosedClass(position: 3),
      .emptyClass(position: 3), .bracketInClass(position: 3), .reversedRange(position: 3),
      .rangeBound(position: 3), .severalCharacters(position: 3),
      .unknownCharacter("\u{7}", position: 3), .bannedCharacter("é", position: 3),
      .noCharacter(position: 3),
    ]
    for error in errors {
      #expect(error.description.hasPrefix("The pattern "))
      #expect(error.description.contains("character 3"))
      #expect(error.description.hasSuffix(".") && !error.description.contains("\n"))
      #expect(!error.description.unicodeScalars.contains("\u{7}"))
    }
    #expect(Set(errors.map(\.description)).count == errors.count)
    let lengths = PatternError.noMatchOfLength(shortest: 7, minimumLength: 0, length: 5)
    #expect(lengths.description.contains("the shortest match has 7"))
    #expect(lengths.settings == ["pattern", "length"])
    let minimum = PatternError.noMatchOfLength(shortest: nil, minimumLength: 4, length: 5)
    #expect(minimum.description.contains("lower the minimum length"))
    #expect(minimum.settings == ["pattern", "minimum length"])
  }
}
