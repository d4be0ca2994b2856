import Testing
import Tokenization

@Suite struct GraphemeTests {
  private let tokenizer: Tokenizer

  init() throws {
    tokenizer = try Tokenizer.blank(
      TokenizerConfiguration(unit: .grapheme, normalization: .none, newlines: .keep))
  }

  private func clusters(_ text: String) -> [[UInt8]] {
    tokenizer.encode(text).unknowns.map { Array($0.spelling.utf8) }
  }

  @Test(.enabled(if: UnicodeFiles.areInstalled, UnicodeFiles.missing))
  func everyLineOfGraphemeBreakTestHolds() throws {
    let lines = try UnicodeFiles.fields(of: "auxiliary/GraphemeBreakTest.txt")
    #expect(lines.count >= 602)
    for line in lines {
      let expected = line[0].split(separator: "÷")
        .map { UnicodeFiles.scalars(Substring($0.filter { $0 != "×" })) }
        .filter { !$0.isEmpty }
        .map { String(scalars: $0) }
      #expect(clusters(expected.joined()) == expected.map { Array($0.utf8) }, "\(line[0])")
    }
  }

  @Test(arguments: [
    ["👩🏽‍👩‍👧‍👦", "🇩🇪", "🇫🇷", "e\u{301}", "\r\n", "한", "नि", "❤️‍🔥", "🇩"],
    ["\u{1100}\u{1161}\u{11A8}", "\u{1100}", "\n", "\r", "\u{301}", "a"],
  ])
  func clustersThatReadersSee(expected: [String]) {
    #expect(clusters(expected.joined()) == expected.map { Array($0.utf8) })
  }
}
