import Storage
import Testing

@Suite struct SHA256Tests {
  @Test func equalsThePublishedExamples() {  // FIPS 180-2, appendix B
    #expect(sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      sha256(Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      sha256(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      sha256([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func piecesMakeNoDifference() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
    for pieceLength in [1, 7, 63, 64, 65, 300] {
      var hasher = SHA256Hasher()
      for start in stride(from: 0, to: bytes.count, by: pieceLength) {
        bytes[start..<min(start + pieceLength, bytes.count)].withUnsafeBytes { hasher.update($0) }
      }
      #expect(hasher.finalize().hex == sha256(bytes))
    }
  }

  private func sha256(_ bytes: [UInt8]) -> String {
    bytes.withUnsafeBytes { SHA256Digest(of: $0).hex }
  }
}
