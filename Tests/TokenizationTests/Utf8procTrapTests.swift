import Testing
import Tokenization

/// What utf8proc 2.8.0 gets wrong or slow, and what this module does about it.
@Suite struct Utf8procTrapTests {
  private func normalized(_ text: String, _ form: NormalizationForm) throws -> [UInt8] {
    try Tokenizer.blank(TokenizerConfiguration(normalization: form)).normalizedBytes(text)
  }

  private func repeated<Element>(_ elements: [Element], _ count: Int) -> [Element] {
    Array(repeatElement(elements, count: count).joined())
  }

  @Test(arguments: [NormalizationForm.nfc, .nfkc])
  func theScalar11A7IsKeptAfterAllSyllables(_ form: NormalizationForm) throws {
    for lead in UInt32(0)..<19 {
      for vowel in UInt32(0)..<21 {
        let syllable = 0xAC00 + 28 * (21 * lead + vowel)
        let jamo = [0x1100 + lead, 0x1161 + vowel]
        let expected = Array(String(scalars: [syllable, 0x11A7]).utf8)
        #expect(try normalized(String(scalars: [syllable, 0x11A7]), form) == expected)
        #expect(try normalized(String(scalars: jamo + [0x11A7]), form) == expected)
        let more = String(scalars: jamo + [0x11A7, 0x11A8, 0x301])
        #expect(
          try normalized(more, form)
            == Array(String(scalars: [syllable, 0x11A7, 0x11A8, 0x301]).utf8))
      }
    }
  }

  /// Quadratic ordering takes minutes for each of these.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [NormalizationForm.nfc, .nfd, .nfkc, .nfkd], [[], [0x61], [0x05D0], [0xAC00]])
  func aMegabyteOfMarksIsOrderedInLinearTime(
    _ form: NormalizationForm, _ start: [UInt32]
  ) throws {
    let pairs = 262_144
    let marks = repeated([0x301, 0x316] as [UInt32], pairs)
    let found = try normalized(String(scalars: start + marks), form)
    // After the start, which may compose with the first acute accent, the accents below come first.
    let below = Array(repeating: UInt32(0x316), count: pairs)
    var above = Array(repeating: UInt32(0x301), count: pairs)
    var expectedStart = start
    let composes = form == .nfc || form == .nfkc
    if start == [0x61], composes {
      expectedStart = [0xE1]
      above.removeLast()
    } else if start == [0xAC00], !composes {
      expectedStart = [0x1100, 0x1161]
    }
    let isExpected = found == Array(String(scalars: expectedStart + below + above).utf8)
    #expect(isExpected)  // a Boolean, because a failure would print the difference
  }

  @Test(.timeLimit(.minutes(1)))
  func aMegabyteOfMarksInSingleBytesIsOrderedInLinearTime() throws {
    let tokenizer = try Tokenizer.blank(TokenizerConfiguration(unit: .byte))
    let pair = Array("\u{301}\u{316}".utf8)
    let bytes = repeated(pair, 262_144)
    let ids = tokenizer.encode(chunks: bytes.indices.map { bytes[$0...$0] })
    let expected = repeated(Array(pair[2...]), 262_144) + repeated(Array(pair[..<2]), 262_144)
    let isExpected = ids == expected.map { TokenID($0) + 2 }
    #expect(isExpected)
  }

  @Test func marksOfManyClassesKeepTheirOrderWithinAClass() throws {
    // Longer than what is sorted by insertion, with classes 1 to 240 and several marks of most.
    var generator = SeededGenerator(seed: 5)
    let marks: [UInt32] = [
      0x338, 0x334, 0x16FF0, 0x93C, 0x3099, 0x94D, 0x5B0, 0x5B1, 0x64B, 0x64C, 0x670, 0x711, 0xE38,
      0xE48, 0xF71, 0xF72, 0xF74, 0x321, 0x327, 0x31B, 0x316, 0x317, 0x301, 0x302, 0x35C, 0x345,
    ]
    let combiningClass: [UInt32: Int] = [
      0x338: 1, 0x334: 1, 0x16FF0: 6, 0x93C: 7, 0x3099: 8, 0x94D: 9, 0x5B0: 10, 0x5B1: 11,
      0x64B: 27,
      0x64C: 28, 0x670: 35, 0x711: 36, 0xE38: 103, 0xE48: 107, 0xF71: 129, 0xF72: 130, 0xF74: 132,
      0x321: 202, 0x327: 202, 0x31B: 216, 0x316: 220, 0x317: 220, 0x301: 230, 0x302: 230,
      0x35C: 233, 0x345: 240,
    ]
    for count in [2, 5, 16, 17, 100] {
      let run = (0..<count).map { _ in marks.randomElement(using: &generator)! }
      let expected = run.enumerated().sorted {
        (combiningClass[$0.element]!, $0.offset) < (combiningClass[$1.element]!, $1.offset)
      }.map(\.element)
      let found = try normalized(String(scalars: [0x4E00] + run), .nfd)
      #expect(found == Array(String(scalars: [0x4E00] + expected).utf8))
    }
  }

  @Test(
    arguments: [
      (NormalizationForm.nfkc, 0xFDFA, Array("صلى الله عليه وسلم".unicodeScalars.map(\.value))),
      (.nfc, 0x1D160, [0x1D158, 0x1D165, 0x1D16E]),  // 4 bytes become 12
    ] as [(NormalizationForm, UInt32, [UInt32])])
  func textThatGrowsIsWhole(form: NormalizationForm, scalar: UInt32, grown: [UInt32]) throws {
    let found = try normalized(String(scalars: repeated([scalar], 5_000)), form)
    let isExpected = found == Array(String(scalars: repeated(grown, 5_000)).utf8)
    #expect(isExpected)
  }

  @Test func graphemeClustersLargerThanABlockAreWhole() throws {
    let cluster = "e" + String(repeating: "\u{20DD}\u{200D}", count: 40_000)
    let tokenizer = try Tokenizer.fit(
      "a" + cluster + "b", TokenizerConfiguration(unit: .grapheme))
    #expect(tokenizer.encode("b" + cluster + "a").ids == [3, 4, 2])
  }
}
