import Diagnosis
import Foundation
import Reporting
import TestSupport
import Testing

@Suite struct CellPageTests {
  private func features(_ text: String, _ feature: TextFeature) -> [Double] {
    var reader = TextFeatureReader()
    return text.unicodeScalars.map {
      reader.append(String($0))[TextFeature.allCases.firstIndex(of: feature)!]
    }
  }

  @Test func featuresFollowTheText() {
    #expect(features(#"a"b"c"#, .insideQuotes) == [0, 1, 1, 0, 0])
    #expect(features("“b”„c“d«e»", .insideQuotes) == [1, 1, 0, 1, 1, 0, 0, 1, 1, 0])
    #expect(features("\"a\nb\n\nc", .insideQuotes) == [1, 1, 1, 1, 1, 0, 0])
    #expect(features("(a(b)c)d)(", .insideParentheses) == [1, 1, 1, 1, 1, 1, 0, 0, 0, 1])
    #expect(features("ab\nc\n", .positionInLine) == [1, 2, 0, 1, 0])
    #expect(features("ab, c1_", .positionInWord) == [1, 2, 0, 0, 1, 2, 3])
    #expect(features("a\n\nb", .afterNewline) == [0, 1, 1, 0])
    #expect(features("aÉ1", .capitalLetter) == [0, 1, 0])
    #expect(features("ab, c\n", .wordBoundary) == [0, 0, 1, 0, 0, 1])
    #expect(features("  a b\n\t c\nd", .indentation) == [1, 2, 2, 2, 2, 0, 4, 5, 5, 0, 0])
    var reader = TextFeatureReader()
    #expect(reader.append("") == TextFeature.allCases.map { _ in 0 })
  }

  private func trace(_ characters: [String] = ["<", "&", "\n", "\u{202E}"]) -> CellTrace {
    let count = characters.count
    return CellTrace(
      characters: characters, vectors: [("h", false), ("c", false), ("f", true)],
      units: [
        CellUnit(
          index: 5, follows: [(.insideQuotes, "c", -0.834), (.afterNewline, "h", 0.5)],
          values: [
            [-1, 0, 0.5, 1], [-4, 0, 2, 4], [0, 0.25, 0.5, 1],
          ].map { Array($0.prefix(count)) }),
        CellUnit(
          index: 9, follows: [], values: (0..<3).map { _ in Array(repeating: 0, count: count) }),
      ])
  }

  @Test func thePageHoldsTheNumbersAndEscapesTheText() {
    let html = CellPage(title: "model on <text>", trace: trace())
      .html(figures: [("text", "a & b")])
    #expect(html.contains("<title>model on &lt;text&gt;</title>"))
    #expect(html.contains("<td>a &amp; b</td>"))
    #expect(html.contains("<i>&lt;</i><i>&amp;</i><i class=n>\n</i><i class=k>U+202E</i>"))
    #expect(!html.unicodeScalars.contains("\u{202E}"))
    // All features are found by the search, and the tint is of the vector of the first one.
    #expect(
      html.contains(
        "<button data-unit=0 data-tint=1>unit 5</button></td>"
          + "<td>inside quotes (c)<br>\(TextFeature.afterNewline.rawValue) (h)</td>"
          + "<td>-0.83<br>+0.50</td>"))
    #expect(html.contains("data-unit=1 data-tint=0>") && html.contains("<td>nothing</td>"))
    // 0 is -1, 1295 = zz is +1; c is divided by 4.
    #expect(html.contains(#"[1.0,"00i0qzzz"],[4.0,"00i0qzzz"],[1.0,"i0mhqzzz"]"#))
    #expect(html.contains(#"const vectors=["h","c","f"];"#))
    #expect(html.contains("const gates=[0,0,1];") && html.contains("const units=[5,9];"))
    #expect(html.contains("prefers-color-scheme:dark") && html.hasSuffix("</html>\n"))
    // Nothing is fetched from anywhere.
    #expect(!html.contains("http") && !html.contains("src=") && !html.contains("url("))
  }

  @Test func aLongTextIsSplitIntoParagraphs() {
    let characters = Array(repeating: "a", count: 6_001)
    let trace = CellTrace(
      characters: characters, vectors: [("h", false)],
      units: [CellUnit(index: 0, follows: [], values: [characters.map { _ in 0 }])])
    let html = CellPage(title: "", trace: trace).html(figures: [])
    #expect(html.contains("<span class=t data-first=0>"))
    #expect(html.contains("<span class=t data-first=6000><i>a</i></span></p>"))
  }

  @Test func theTableHasALineForEachCharacter() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "cells.tsv")
    try CellTable(trace(["e\u{301}", "\t", "\\", "\n"])).write(to: url.path)
    let lines = try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n")
    #expect(lines[0] == "position\tcharacter\th5\tc5\tf5\th9\tc9\tf9")
    #expect(lines[1].hasPrefix("0\te\u{301}\t-1.0\t-4.0\t0.0\t"))
    #expect(lines[2].hasPrefix("2\t\\t\t") && lines[3].hasPrefix("3\t\\\\\t"))
    #expect(lines[4].hasPrefix("4\t\\n\t"))
    #expect(lines.count == 6 && lines[5].isEmpty)
  }

  @Test func countsOfNumbersDoNotOverflow() {
    #expect(CellTrace.numberCount(units: 3, vectors: 2, characters: 5) == 30)
    #expect(CellTrace.numberCount(units: 65_536, vectors: 6, characters: .max) == .max)
  }
}
