import ModelFiles
import Testing

@Suite struct ErrorTextTests {
  @Test func everyErrorIsOneSentenceThatNamesTheFile() {
    for text in HostileHeader.all.map(\.error.description) {
      #expect(text.hasSuffix(".") && text.contains("'test'") && text.contains(": "))
      #expect(!text.contains("\n"), "\(text)")
    }
  }

  @Test func hostileTextIsHarmlessOnATerminal() {
    let error = SafetensorsError.tensorMissing(file: "m", tensor: "a\u{1B}[31m\n\u{202E}b\u{9B}")
    #expect(error.description.contains(#"'a\u{1b}[31m\u{a}\u{202e}b\u{9b}'"#))
    let long = String(repeating: "x", count: 1_000_000)
    #expect(SafetensorsError.tensorMissing(file: "m", tensor: long).description.utf8.count < 400)
    let shape = [Int](repeating: 1, count: 1_000_000)
    let mismatch = SafetensorsError.shapeMismatch(
      file: "m", tensor: "a", expected: [1], found: shape)
    #expect(mismatch.description.utf8.count < 400)
  }
}
