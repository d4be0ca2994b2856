import ModelFiles
import Testing

@Suite struct JSONReaderTests {
  private static func read(_ text: String) throws -> JSONValue {
    try JSONReader.read(Array(text.utf8))
  }

  @Test(arguments: [
    "[]", "{}", "[0, -1, 9223372036854775807, 1.5, -0.25, 1e+20, true, false, null]",
    #"{"a": {"b": [[], {}]}, "": "", "\u0000\"\\\n": "é \ud83d\ude42"}"#,
  ])
  func whatIsWrittenReadsTheSame(text: String) throws {
    let written = try Self.read(text).written()
    #expect(try Self.read(written).written() == written)
  }

  @Test func numbersAreWholeOrNot() throws {
    #expect(try Self.read("9223372036854775807").integer == .max)
    #expect(try Self.read("9223372036854775808").integer == nil)
    #expect(try Self.read("-9223372036854775808").integer == .min)
    #expect(try Self.read("-9223372036854775809").integer == nil)
    #expect(try Self.read("-9007199254740992.0").integer == -(1 << 53))
    #expect(try Self.read("-0").integer == 0)
    #expect(try Self.read("3.0").integer == 3)
    #expect(try Self.read("3.5").integer == nil)
    #expect(try Self.read("3.5e1").number == 35)
    #expect(try Self.read("\"3\"").number == nil)
  }

  @Test func keysKeepTheirOrderAndBytes() throws {
    // é as one scalar and as two
    let value = try Self.read("{\"e\u{301}\": 1, \"\u{E9}\": 2, \"a\": 3}")
    guard case .object(let members) = value else {
      Issue.record("not an object")
      return
    }
    let keys = ["e\u{301}", "\u{E9}", "a"]
    #expect(members.map { Array($0.key.utf8) } == keys.map { Array($0.utf8) })
    #expect(value["\u{E9}"]?.integer == 2)
    #expect(throws: JSONError.self) { try Self.read(#"{"a": 1, "a": 2}"#) }
  }

  @Test func nestingAndNumberAreLimited() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(throws: Never.self) { try Self.read(nested(32)) }
    #expect(throws: JSONError.self) { try Self.read(nested(33)) }
    func list(_ count: Int) -> String {
      "[" + String(repeating: "0,", count: count - 1) + "0]"
    }
    let most = 1 << 18  // with the list itself
    #expect(throws: Never.self) { try Self.read(list(most - 1)) }
    #expect(throws: JSONError.self) { try Self.read(list(most)) }
  }
}
