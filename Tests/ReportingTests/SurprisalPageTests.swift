import Evaluation
import Foundation
import Reporting
import TestSupport
import Testing
import Tokenization

@Suite struct SurprisalPageTests {
  let tokenizer: Tokenizer

  init() throws {
    tokenizer = try Tokenizer.fit(
      [.text("ab <&>\n", name: "text")], configuration: TokenizerConfiguration())
  }

  /// Units that cost so many bits each.
  func units(_ text: String, bits: Double, isUnknown: Bool = false) -> [ScoredUnit] {
    text.unicodeScalars.map {
      ScoredUnit(
        spelling: String($0), characterCount: 1, nats: bits * log(2), isUnknown: isUnknown,
        candidates: (2..<7).map {
          Candidate(token: TokenID($0), probability: pow(0.5, Double($0 - 1)))
        })
    }
  }

  func page(
    _ texts: [(name: String, units: [ScoredUnit])], characterLimit: Int = 1_000
  ) -> String {
    let page = SurprisalPage(
      title: "model on <text>", names: TokenNames(tokenizer), characterLimit: characterLimit)
    for (name, units) in texts {
      page.beginText(named: name)
      for unit in units { page.append([unit]) }
      page.endText(EvaluationResult(characters: units.count))
    }
    return page.html(figures: [("bits per character", "1 & a bit")])
  }

  @Test(arguments: [Double.infinity, .nan, 1e300, 466, -1])
  func anyCostCanBeShown(bits: Double) {
    let html = page([("one", units("a", bits: bits))])
    #expect(html.contains("</html>"))
  }

  @Test func everyCharacterStandsOnItsGround() {
    let html = page([("one", units("ab", bits: 0.4) + units("\n", bits: 3.5) + units("b", bits: 7))]
    )
    #expect(
      html.contains("<span class=t data-first=0><i>a</i><i>b</i><i class=\"d n\">\n</i>"))
    #expect(html.contains("<i class=f>b</i></span>"))
    #expect(html.contains("<!doctype html>") && html.contains("prefers-color-scheme:dark"))
    // Nothing is fetched from anywhere.
    #expect(!html.contains("http") && !html.contains("src="))
  }

  @Test func aTextCannotWriteIntoThePage() {
    let html = page([("<script>", units("<&>\u{1B}\u{202E}", bits: 12, isUnknown: true))])
    #expect(html.contains("<h3>&lt;script&gt;</h3>"))
    #expect(html.contains("<title>model on &lt;text&gt;</title>"))
    #expect(html.contains("<td>1 &amp; a bit</td>"))
    #expect(html.contains("<i class=\"h x\">&lt;</i><i class=\"h x\">&amp;</i>"))
    #expect(html.contains("<i class=\"h x k\">U+001B</i><i class=\"h x k\">U+202E</i>"))
    #expect(!html.unicodeScalars.contains("\u{1B}") && !html.unicodeScalars.contains("\u{202E}"))
    // The tokens of this vocabulary as a script holds them.
    #expect(html.contains(#""\u003cunknown\u003e","\u003cend\u003e","end of line","space""#))
    #expect(html.components(separatedBy: "<script>").count == 2)
  }

  /// What the page's script cuts apart is what was scored.
  @Test func costsAndCandidatesStandInTheData() throws {
    let html = page([("one", units("a", bits: 5.25) + units("b", bits: 0.01))])
    let data = try #require(html.firstMatch(of: /const data="([0-9a-z]*)"/)).output.1
    #expect(html.contains("const width=1,count=5;"))
    let size = 3 + 5 * 4
    let shown = 2 + 2  // in the list of the hardest, too
    #expect(data.count == shown * size)
    func number(_ start: Int, _ length: Int) -> Int? {
      Int(data.dropFirst(start).prefix(length), radix: 36)
    }
    #expect(number(0, 3) == 525 && number(size, 3) == 1)
    #expect((0..<5).map { number(3 + 4 * $0, 1) } == [2, 3, 4, 5, 6])
    #expect((0..<5).map { number(4 + 4 * $0, 3) } == [5_000, 2_500, 1_250, 625, 313])
  }

  @Test func aLongTextIsCutAndThePageSaysSo() {
    let line = String(repeating: "ab ", count: 30) + "\n"
    let long = units(String(repeating: line, count: 5), bits: 1)
    let hard = units(String(repeating: "ba", count: 40) + "\n", bits: 9)
    let html = page([("long", long + hard), ("next", units("ab\n", bits: 1))], characterLimit: 200)
    #expect(html.contains("Shown are the first 182 of 536 characters;"))
    #expect(html.contains("Shown are the first 0 of 3 characters;"))
    // The hardest passage is beyond what is shown, and listed all the same.
    #expect(html.contains("9.0 bits a character; long, line 6"))
    let list = html.components(separatedBy: "<ol>")[1].components(separatedBy: "</ol>")[0]
    #expect(list.components(separatedBy: "<li>").count == 1 + 6)
    #expect(list.range(of: "line 6")!.lowerBound < list.range(of: "line 1")!.lowerBound)
  }

  @Test func theCostliestCharactersAreListed() {
    let html = page([
      ("one", units("aaaa", bits: 1) + units("b", bits: 6) + units("Ω", bits: 20, isUnknown: true))
    ])
    let table = html.components(separatedBy: "<table class=costs>")[1]
    let rows = table.components(separatedBy: "<tr>").dropFirst(2).map {
      $0.components(separatedBy: "</tr>")[0]
    }
    #expect(
      rows == [
        "<td>all units outside the vocabulary</td><td>1</td><td>20.0</td><td>66.7 %</td>",
        "<td>b</td><td>1</td><td>6.0</td><td>20.0 %</td>",
        "<td>a</td><td>4</td><td>1.0</td><td>13.3 %</td>",
      ])
    #expect(html.contains("1.0 to 1.5 bits: 66.7 % of the characters, 13.3 % of all bits"))
    // The x axis names its unit, and the marks of the y axis have equally many decimals.
    #expect(html.contains(">bits of a character</text>"))
    #expect(html.contains(">0 %</text>") && html.contains(">60 %</text>"))
    #expect(html.contains("12.0 and more bits: 16.7 % of the characters, 66.7 % of all bits"))
  }

  @Test func bytesOutsideASCIIHaveNames() throws {
    let names = TokenNames(
      try Tokenizer(
        configuration: TokenizerConfiguration(unit: .byte), vocabulary: .bytes))
    #expect(names[2 + 0x41] == "A" && names[2 + 0xE2] == "<0xE2>")
    #expect(names[0] == "<unknown>" && names[1] == "<end>")
  }

  @Test func levelsCoverAllCosts() {
    #expect(
      [0, 0.99, 1, 3.99, 5, 7, 10.9, 11, 400].map { SurprisalLevel(bits: $0).rank } == [
        0, 0, 1, 3, 4, 5, 6, 7, 7,
      ])
    #expect(
      SurprisalLevel.all.map(\.range).joined(separator: " ") == "<1 1-2 2-3 3-4 4-6 6-8 8-11 11+")
  }
}
