import Generation
import Kernels
import Testing

@Suite struct StopMatcherTests {
  /// What stands before the string that is complete first, of several the longest; all, where there is none.
  private func reference(_ text: [UInt8], _ stops: [[UInt8]]) -> (text: [UInt8], isFound: Bool) {
    for end in 1...text.count {
      let starts = stops.filter { $0.count <= end && Array(text[end - $0.count..<end]) == $0 }
        .map { end - $0.count }
      if let start = starts.min() { return (Array(text[..<start]), true) }
    }
    return (text, false)
  }

  @Test func theFirstStopIsFoundHoweverTheTextIsCut() {
    var random = RandomStream(seed: 40)
    let alphabet: [Unicode.Scalar] = ["a", "b", "é"]
    func string(_ counts: ClosedRange<Int>) -> String {
      var text = ""
      for _ in 0..<Int.random(in: counts, using: &random) {
        text.unicodeScalars.append(alphabet.randomElement(using: &random)!)
      }
      return text
    }
    var foundCount = 0
    for _ in 0..<3_000 {
      let stops = (0..<Int.random(in: 1...3, using: &random)).map { _ in string(1...6) }
      var matcher = StopMatcher(stops)
      var all: [UInt8] = []
      var found: [UInt8] = []
      for _ in 0..<6 {
        let piece = string(0...5)
        all += piece.utf8
        let released = matcher.append(piece)
        #expect(
          released.utf8.elementsEqual(String(decoding: Array(released.utf8), as: UTF8.self).utf8))
        found += released.utf8
      }
      found += matcher.finish().utf8
      guard !all.isEmpty else { continue }
      let expected = reference(all, stops.map { Array($0.utf8) })
      #expect(found == expected.text)
      #expect(matcher.hasMatched == expected.isFound)
      foundCount += expected.isFound ? 1 : 0
    }
    #expect(500..<2_900 ~= foundCount)
  }

  @Test func onlyWhatMayBeginAStopIsHeldBack() {
    var matcher = StopMatcher(["\n\nEnd", "\n--"])
    #expect(matcher.append("a\n") == "a")
    #expect(matcher.append("b\n\n") == "\nb")
    #expect(matcher.append("\n") == "\n")
    #expect(matcher.append("x") == "\n\nx")
    #expect(matcher.append("yz") == "yz")
    #expect(matcher.append("\n-") == "")
    #expect(matcher.finish() == "\n-")
  }

  @Test func withoutStopsEverythingPasses() {
    var matcher = StopMatcher([])
    #expect(matcher.append("abc") == "abc")
    #expect(matcher.finish() == "" && !matcher.hasMatched)
  }
}
