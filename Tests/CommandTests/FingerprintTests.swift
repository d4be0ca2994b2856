import Foundation
import ModelFiles
import TestSupport
import Testing
import Tokenization
import Training

@Suite struct FingerprintTests {
  /// More than two chunks of a reader, with bytes that are not UTF-8.
  private static let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }

  @Test(arguments: [0, 1, 1 << 20, bytes.count])
  func aTextThatIsEncodedHasTheFingerprintOfItsBytes(byteCount: Int) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("text")
    let bytes = Array(Self.bytes[..<byteCount])
    let memory = TextSource.bytes(bytes, name: "text")
    let tokenizer = try Tokenizer.fit(
      [.text("abc", name: "vocabulary")], configuration: TokenizerConfiguration(),
      invalidUTF8: .replace)
    try Data(bytes).write(to: folder.url.appending(path: "text"))
    for source in [memory, .file(path)] {
      let recorder = FingerprintRecorder()
      let recorded = try TokenFile.write(
        [recorder.recording(source)], tokenizer: tokenizer, invalidUTF8: .replace, beside: path)
      let plain = try TokenFile.write(
        [source], tokenizer: tokenizer, invalidUTF8: .replace, beside: path)
      #expect(recorded.count == plain.count)
      let fingerprint = recorder.fingerprint(name: "text")
      #expect(fingerprint.byteCount == byteCount)
      #expect(try fingerprint == TextFingerprint(of: source, name: "text"))
    }
  }
}
