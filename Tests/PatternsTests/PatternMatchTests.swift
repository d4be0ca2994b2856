import Kernels
import Patterns
import TestSupport
import Testing
import Tokenization

/// The automaton against derivatives, which know nothing of states, tokens or lengths.
@Suite struct PatternMatchTests {
  private struct Trial {
    let pattern: RandomPattern
    let lengths: ClosedRange<Int>
    let match: PatternMatch?
    /// Whether the naive pattern has a match of these lengths.
    let isPossible: Bool

    init(
      _ tokenizer: Tokenizer, _ others: Set<TokenID>, longest: Int, using random: inout RandomStream
    ) throws {
      pattern = RandomPattern(depth: Int.random(in: 1...4, using: &random), using: &random)
      let length = Int.random(in: 0...longest, using: &random)
      let least = Bool.random(using: &random) ? 0 : Int.random(in: 0...length, using: &random)
      let lengths = least...length
      self.lengths = lengths
      isPossible = pattern.naive.lengths(upTo: length, alphabet: RandomPattern.alphabet)
        .contains { lengths ~= $0 }
      match = try? PatternMatch(
        Pattern(pattern.expression), tokenizer: tokenizer, excluding: others,
        minimumLength: least, length: length)
    }
  }

  /// Ten to the fifteenth empty groups are one.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "((){100000}){100000}", "(((){100000}){100000}){100000}", "((a?){0}){90000}a*",
    ])
  func repeatedNothingEnds(expression: String) throws {
    let (tokenizer, _) = try Tokenizer.ofRandomPatterns(.scalar)
    let match = try PatternMatch(
      Pattern(expression), tokenizer: tokenizer, minimumLength: 0, length: 5)
    #expect(match.isMatch)
  }

  @Test(arguments: [TokenUnit.scalar, .grapheme])
  func everyStepAgreesWithDerivatives(unit: TokenUnit) throws {
    let (tokenizer, others) = try Tokenizer.ofRandomPatterns(unit)
    let alphabet = RandomPattern.alphabet
    var random = RandomStream(seed: 40)
    var stepCount = 0
    for _ in 0..<400 {
      let trial = try Trial(tokenizer, others, longest: 6, using: &random)
      #expect((trial.match != nil) == trial.isPossible, "\(trial.pattern.expression)")
      guard var match = trial.match else { continue }
      var naive = trial.pattern.naive
      for count in 0...trial.lengths.upperBound {
        #expect(match.mayEnd == (naive.isNullable && count >= trial.lengths.lowerBound))
        let expected = alphabet.filter { scalar in
          let rest = trial.lengths.upperBound - count - 1
          return naive.derivative(by: scalar).lengths(upTo: rest, alphabet: alphabet)
            .contains { trial.lengths ~= count + 1 + $0 }
        }
        let allowed = alphabet.filter { match.allows(tokenizer.vocabulary.id(of: String($0))) }
        #expect(allowed == expected, "\(trial.pattern.expression) \(trial.lengths) at \(count)")
        #expect(match.mustEnd == expected.isEmpty)
        guard let next = expected.randomElement(using: &random) else { break }
        match.append(tokenizer.vocabulary.id(of: String(next)))
        naive = naive.derivative(by: next)
        stepCount += 1
      }
    }
    #expect(stepCount > 400)
  }

  @Test(arguments: TokenUnit.allCases)
  func whateverIsAllowedBecomesAMatch(unit: TokenUnit) throws {
    let (tokenizer, others) = try Tokenizer.ofRandomPatterns(unit)
    var random = RandomStream(seed: 41)
    var longest = 0
    for _ in 0..<(unit == .byte ? 80 : 400) {
      let trial = try Trial(tokenizer, others, longest: 12, using: &random)
      #expect((trial.match != nil) == trial.isPossible, "\(trial.pattern.expression)")
      guard var match = trial.match else { continue }
      var tokens: [TokenID] = []
      while !match.mustEnd, !match.mayEnd || Int.random(in: 0..<5, using: &random) > 0 {
        let allowed = (0..<tokenizer.vocabularySize).map { TokenID($0) }.filter(match.allows)
        tokens.append(try #require(allowed.randomElement(using: &random)))
        match.append(tokens.last!)
      }
      #expect(match.mayEnd)
      let text = tokenizer.decode(tokens)
      #expect(trial.pattern.naive.matches(text), "\(trial.pattern.expression): \(text)")
      #expect(trial.lengths ~= text.unicodeScalars.count)
      #expect(match.isMatch(text))
      longest = max(longest, tokens.count)
    }
    #expect(longest >= 12)
  }

  @Test(arguments: TokenUnit.allCases)
  func everyMatchCanBeSpelled(unit: TokenUnit) throws {
    let (tokenizer, _) = try Tokenizer.ofRandomPatterns(unit)
    let alphabet = RandomPattern.alphabet
    var random = RandomStream(seed: 42)
    var (matchCount, otherCount) = (0, 0)
    let longest = 4
    // Automata of bytes take longer to build.
    for _ in 0..<(unit == .byte ? 80 : 1_500) {
      let pattern = RandomPattern(depth: 3, using: &random)
      let match = try? PatternMatch(
        Pattern(pattern.expression), tokenizer: tokenizer, minimumLength: 0, length: longest)
      for _ in 0..<5 {
        let scalars = (0..<Int.random(in: 0...longest, using: &random)).map { _ in
          alphabet.randomElement(using: &random)!
        }
        let text = String(String.UnicodeScalarView(scalars))
        let isMatch = pattern.naive.matches(text)
        let isSpelled = match.map { tokenizer.spells(text, in: $0) } ?? false
        #expect(isSpelled == isMatch, "\(pattern.expression): \(text)")
        if isMatch { matchCount += 1 } else { otherCount += 1 }
      }
    }
    #expect(matchCount > 30 && otherCount > 100)
  }

  @Test func swiftsOwnExpressionsAgree() throws {
    let (tokenizer, _) = try Tokenizer.ofRandomPatterns(.scalar)
    var random = RandomStream(seed: 43)
    for _ in 0..<300 {
      let pattern = RandomPattern(depth: 3, using: &random)
      // Backtracking engines cut repetitions of nothing short.
      if pattern.naive.repeatsNothing { continue }
      let regex = try Regex(pattern.expression).matchingSemantics(.unicodeScalar)
      for _ in 0..<10 {
        let scalars = (0..<Int.random(in: 0...4, using: &random)).map { _ in
          RandomPattern.alphabet.randomElement(using: &random)!
        }
        let text = String(String.UnicodeScalarView(scalars))
        let isMatch = try regex.wholeMatch(in: text) != nil
        #expect(try tokenizer.spells(text, pattern.expression) == isMatch, "\(pattern.expression)")
      }
    }
  }

  /// Each scalar of a class, and none other, is spelled by the bytes that the automaton allows.
  @Test func classesOfBytesAreThoseOfScalars() throws {
    let tokenizer = try Tokenizer.of(
      "", TokenizerConfiguration(unit: .byte, normalization: .none, newlines: .keep))
    let borders: [UInt32] = [
      0, 0x41, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x3FFFF,
      0x40000, 0x10FFFF,
    ]
    var random = RandomStream(seed: 44)
    for _ in 0..<40 {
      let ends = (0..<2).map { _ in borders.randomElement(using: &random)! }.sorted()
      let written = ends.map { "\\u{\(String($0, radix: 16))}" }.joined(separator: "-")
      for expression in ["[\(written)]", "[^\(written)]"] {
        let isNegated = expression.hasPrefix("[^")
        if isNegated, ends == [0, 0x10FFFF] { continue }
        let match = try PatternMatch(
          Pattern(expression), tokenizer: tokenizer, minimumLength: 0, length: 1)
        for near in borders {
          for value in [near &- 1, near, near + 1] {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isMember = (ends[0]...ends[1] ~= value) != isNegated
            #expect(
              tokenizer.spells(String(scalar), in: match) == isMember, "\(expression) \(value)")
          }
        }
      }
    }
  }

  @Test func lengthsOfBytesCountScalars() throws {
    let tokenizer = try Tokenizer.of("", TokenizerConfiguration(unit: .byte))
    #expect(throws: PatternError.noMatchOfLength(shortest: 3, minimumLength: 0, length: 2)) {
      try PatternMatch(Pattern("é☃😀"), tokenizer: tokenizer, minimumLength: 0, length: 2)
    }
    #expect(try tokenizer.spells("é☃😀", "é☃😀"))
    #expect(try tokenizer.spells("😀é", "[^a]{2}"))
    #expect(try !tokenizer.spells("😀éa", "[^a]{2}a{0}"))
  }

  @Test func graphemeClustersAreWalkedScalarByScalar() throws {
    let units = ["a", "e\u{301}\u{316}", "👨‍👩‍👧", "\r\n"]
    let tokenizer = try Tokenizer.of(
      units.joined(),
      TokenizerConfiguration(unit: .grapheme, normalization: .none, newlines: .keep))
    #expect(tokenizer.vocabularySize == 6)
    #expect(try tokenizer.spells("👨‍👩‍👧👨‍👩‍👧a", "👨‍👩‍👧+a"))
    #expect(try tokenizer.spells("e\u{301}\u{316}\r\n", #".{3}\r\n"#))
    // Half a cluster cannot be spelled, so that no text begins with it.
    #expect(throws: PatternError.noMatch) {
      try PatternMatch(Pattern(#"ae\u{301}"#), tokenizer: tokenizer, minimumLength: 0, length: 9)
    }
    // A cluster is one character of the length.
    var match = try PatternMatch(
      Pattern("(👨‍👩‍👧|a)*"), tokenizer: tokenizer, minimumLength: 2, length: 2)
    let family = tokenizer.vocabulary.id(of: "👨‍👩‍👧")
    match.append(family)
    #expect(!match.mayEnd && match.allows(family))
    match.append(family)
    #expect(match.mayEnd && match.mustEnd && !match.isExhausted)
  }

  @Test func excludedTokensLeadNowhere() throws {
    let tokenizer = try Tokenizer.of("abcd")
    let (a, b, c) = (
      tokenizer.vocabulary.id(of: "a"), tokenizer.vocabulary.id(of: "b"),
      tokenizer.vocabulary.id(of: "c")
    )
    let match = try PatternMatch(
      Pattern("ab|cd"), tokenizer: tokenizer, excluding: [b], minimumLength: 0, length: 9)
    #expect(!match.allows(a) && !match.allows(b) && match.allows(c))
    #expect(throws: PatternError.bannedCharacter("b", position: 2)) {
      try PatternMatch(
        Pattern("ab"), tokenizer: tokenizer, excluding: [b], minimumLength: 0, length: 9)
    }
  }

  @Test func theUnknownTokenAndTheEndOfATextAreNoPartOfAMatch() throws {
    for unit in TokenUnit.allCases {
      let tokenizer = try Tokenizer.of("a\u{FFFD}", TokenizerConfiguration(unit: unit))
      let match = try PatternMatch(
        Pattern(#"[\s\S]*"#), tokenizer: tokenizer, minimumLength: 0, length: 9)
      #expect(!match.allows(Vocabulary.unknown) && !match.allows(Vocabulary.endOfText))
      #expect(match.mayEnd && !match.mustEnd)
    }
  }

  @Test(arguments: [
    ("ab☃", PatternError.unknownCharacter("☃", position: 3)),
    ("a(b|c☃+)d", .unknownCharacter("d", position: 9)),
    ("(x|y)", .unknownCharacter("x", position: 2)),
    ("a[x-z]", .noCharacter(position: 2)), (#"\d"#, .noCharacter(position: 1)),
    (#"a[^\s\S]"#, .noCharacter(position: 2)),
    ("a{3}", .noMatchOfLength(shortest: 3, minimumLength: 1, length: 2)),
    ("a?", .noMatchOfLength(shortest: 1, minimumLength: 1, length: 0)),
  ])
  func whatCannotBeMatchedIsNamed(expression: String, error: PatternError) throws {
    let tokenizer = try Tokenizer.of("abc")
    let (least, length) =
      if case .noMatchOfLength(_, let least, let length) = error { (least, length) } else { (0, 9) }
    #expect(throws: error) {
      try PatternMatch(
        Pattern(expression), tokenizer: tokenizer, minimumLength: least, length: length)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func whatCannotBeMatchedIsNamedInNestedGroups() throws {
    let tokenizer = try Tokenizer.of("abc")
    let open = String(repeating: "(", count: 150)
    for (inner, rest, position) in [("☃", "|☃)", 151), ("a☃", "b)", 152)] {
      let expression = open + inner + String(repeating: rest, count: 150)
      #expect(throws: PatternError.unknownCharacter("☃", position: position)) {
        try PatternMatch(Pattern(expression), tokenizer: tokenizer, minimumLength: 0, length: 9)
      }
    }
  }

  @Test func matchesThatAreAllTooShortAreRefused() throws {
    let tokenizer = try Tokenizer.of("abc")
    #expect(throws: PatternError.noMatchOfLength(shortest: nil, minimumLength: 3, length: 9)) {
      try PatternMatch(Pattern("a|bc"), tokenizer: tokenizer, minimumLength: 3, length: 9)
    }
  }

  @Test func whatIsUnknownInOneBranchLeavesTheOthers() throws {
    let tokenizer = try Tokenizer.of("abc")
    #expect(try tokenizer.spells("ac", "a(☃|c)"))
    #expect(try tokenizer.spells("ab", "a☃?b"))
  }

  @Test func automataThatGrowTooLargeAreRefused() throws {
    let tokenizer = try Tokenizer.of("abc")
    for (expression, error): (String, PatternError) in [
      ("(a|b)*a(a|b){30}", .tooLarge), ("(a{1000}){1000}", .repetitionTooLarge(position: 10)),
      ("a{99999}", .tooLarge),
      // States of many members.
      ("(.*(b.{13}|.{0,200}))|a|b|c", .tooLarge),
    ] {
      #expect(throws: error) {
        try PatternMatch(Pattern(expression), tokenizer: tokenizer, minimumLength: 0, length: 9)
      }
    }
    #expect(throws: PatternError.tooLarge) {
      try PatternMatch(
        Pattern("a*"), tokenizer: tokenizer, minimumLength: 20_000_000, length: 20_000_000)
    }
  }

  /// Only the limit of edges refuses the pattern: without the limit, it was taken after two seconds.
  /// It has few states, but each has hundreds of members and a step of its own for each letter.
  @Test func fewStatesOfManyMembersAreRefused() throws {
    let letters = "abcdefghijklmnopqrstuvwxyz"
    let tokenizer = try Tokenizer.of(letters)
    // Two of each, because branches of one character are one class.
    let branches = letters.map { "\($0)\($0)" }.joined(separator: "|")
    #expect(throws: PatternError.tooLarge) {
      try PatternMatch(
        Pattern("(.|\(branches)){0,30}"), tokenizer: tokenizer, minimumLength: 0, length: 9)
    }
    let match = try PatternMatch(
      Pattern("(.|\(branches)){0,10}"), tokenizer: tokenizer, minimumLength: 0, length: 9)
    #expect(match.mayEnd && !match.mustEnd)
  }

  /// Each state costs what leads on from it, not all characters that the words have.
  @Test(.timeLimit(.minutes(1)))
  func manyWordsOfManyCharactersAreAList() throws {
    let syllables = (0..<1_500).map { String(Unicode.Scalar(0xAC00 + 7 * UInt32($0))!) }
    let tokenizer = try Tokenizer.of(syllables.joined() + " ")
    var random = RandomStream(seed: 41)
    let words = (0..<20_000).map { _ in
      (0..<4).map { _ in syllables.randomElement(using: &random)! }.joined()
    }
    let match = try PatternMatch(
      Pattern(words: words), tokenizer: tokenizer, minimumLength: 0, length: 20)
    for word in words.prefix(20) { #expect(tokenizer.spells(" \(word) ", in: match)) }
    let another = String(words[0].reversed())
    #expect(!words.contains(another) && !tokenizer.spells(" \(another) ", in: match))
  }

  @Test func branchesOfOneCharacterAreOneClass() throws {
    let letters = "abcdefghijklmnopqrstuvwxyz"
    let tokenizer = try Tokenizer.of(letters)
    let branches = letters.map(String.init).joined(separator: "|")
    for characters in ["(\(branches))", "[a-z]"] {
      let match = try PatternMatch(
        Pattern("(\(characters){0,40}){0,12}"), tokenizer: tokenizer, minimumLength: 0, length: 9)
      #expect(match.mayEnd && !match.mustEnd)
    }
  }

  @Test func manyStepsForManyLengthsAreRefused() throws {
    let tokenizer = try Tokenizer.of("abcdefg")
    // Of 9,361 states, nearly all of which each letter leaves for another one.
    let branches = "abcdefg".enumerated().map { "\($1).{\($0)}" }
    let pattern = try Pattern(".*(\(branches.joined(separator: "|")))")
    #expect(throws: PatternError.tooLarge) {
      try PatternMatch(pattern, tokenizer: tokenizer, minimumLength: 1_500, length: 2_000)
    }
    let match = try PatternMatch(pattern, tokenizer: tokenizer, minimumLength: 1_000, length: 2_000)
    #expect(match.allows(tokenizer.encode("a").ids[0]) && !match.mayEnd)
  }
}
