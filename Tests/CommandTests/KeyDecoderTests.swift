import Testing
import charlm

@Suite struct KeyDecoderTests {
  private func keys(_ text: String) -> [Key] {
    var decoder = KeyDecoder()
    return decoder.append(text.utf8)
  }

  @Test func terminalsNameTheirKeysInManyWays() {
    #expect(keys("\u{1B}[D\u{1B}OD\u{02}") == [.left, .left, .left])
    #expect(keys("\u{1B}[C\u{1B}OC\u{06}") == [.right, .right, .right])
    #expect(keys("\u{1B}[A\u{1B}OB\u{10}\u{0E}") == [.up, .down, .up, .down])
    #expect(keys("\u{1B}[H\u{1B}OH\u{1B}[1~\u{1B}[7~\u{01}") == Array(repeating: .home, count: 5))
    #expect(keys("\u{1B}[F\u{1B}OF\u{1B}[4~\u{1B}[8~\u{05}") == Array(repeating: .end, count: 5))
    #expect(keys("\u{7F}\u{08}\u{1B}[3~\u{04}") == [.backspace, .backspace, .delete, .endOfInput])
    #expect(
      keys("\u{1B}[1;5D\u{1B}b\u{1B}[1;3C\u{1B}f") == [
        .wordLeft, .wordLeft, .wordRight, .wordRight,
      ])
    #expect(
      keys("\u{17}\u{1B}\u{7F}\u{1B}d\u{1B}[3;5~") == [
        .deleteWordLeft, .deleteWordLeft, .deleteWordRight, .deleteWordRight,
      ])
    #expect(
      keys("\u{15}\u{0B}\u{03}\u{1A}\u{0C}") == [
        .deleteToStart, .deleteToEnd, .interrupt, .suspend, .clearScreen,
      ])
    #expect(keys("\r\n\u{1B}\r\t") == [.enter, .enter, .character("\n"), .character("\t")])
  }

  @Test func bytesMayComeOneByOne() {
    let text = "é\u{1B}[1;5D漢\u{1B}[200~a\r\nb\rc\nd\u{1B}[201~😀\r"
    var decoder = KeyDecoder()
    let apart = text.utf8.flatMap { decoder.append([$0]) }
    #expect(
      apart == [
        .character("é"), .wordLeft, .character("漢"), .paste("a\nb\nc\nd"), .character("😀"), .enter,
      ])
    #expect(keys(text) == apart)
  }

  /// Keys are decoded correctly after any input.
  @Test func whatIsUnknownIsPassedOver() {
    #expect(
      keys("\u{1B}[15~a\u{1B}[?1;2ca\u{1B}OPa\u{1B}xa")
        == Array(repeating: .character("a"), count: 4))
    #expect(keys("\u{1B}[1\u{03}a\u{1B}\u{1B}[A") == [.interrupt, .character("a"), .up])
    var decoder = KeyDecoder()
    let broken: [UInt8] = [0xC3, 0x61, 0xFF, 0x80, 0xE2, 0x82, 0xC3, 0xA9, 0xED, 0xA0, 0x80, 0x62]
    #expect(decoder.append(broken) == [.character("a"), .character("é"), .character("b")])
  }
}
