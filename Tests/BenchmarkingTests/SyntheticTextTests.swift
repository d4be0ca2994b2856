import Benchmarking
import Testing
import Tokenization

struct SampleTextTests {
  @Test(arguments: SyntheticText.allCases)
  func aTextIsTheSameEachTimeAndAsLongAsAskedFor(text: SyntheticText) {
    let bytes = text.bytes(count: 10_000)
    #expect(bytes == text.bytes(count: 10_000))
    #expect((10_000..<10_300).contains(bytes.count))
    #expect(String(validating: bytes, as: UTF8.self) != nil)
  }

  @Test func asciiIsOneByteACharacterAndChineseThree() {
    #expect(SyntheticText.ascii.bytes(count: 5_000).allSatisfy { $0 < 0x80 })
    let chinese = String(decoding: SyntheticText.chinese.bytes(count: 60_000), as: UTF8.self)
    let scalars = chinese.unicodeScalars.filter { $0 != "\n" }
    #expect(scalars.allSatisfy { String($0).utf8.count == 3 })
    #expect(Set(scalars).count > 1_000)
  }

  /// Otherwise the mixed text would measure only the quick check.
  @Test func mixedTextGivesTheNormalizerWork() throws {
    let bytes = SyntheticText.mixed.bytes(count: 50_000)
    let text = String(decoding: bytes, as: UTF8.self)
    let tokenizer = try Tokenizer.fit(
      [.bytes(bytes, name: "mixed")], configuration: TokenizerConfiguration())
    #expect(tokenizer.normalize(text).utf8.count < text.utf8.count)
    let lengths = Set(text.unicodeScalars.map { String($0).utf8.count })
    #expect(lengths == [1, 2, 3, 4])
  }
}
