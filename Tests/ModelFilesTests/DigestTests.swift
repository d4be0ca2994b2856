import ModelFiles
import Testing

/// The digests' construction, compared with a second one in the tests, and every way to lack a
/// digest.
@Suite struct DigestTests {
  static let data: [UInt8] = [1, 2, 3, 4]
  static let tensors = #""a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}"#
  static let digestOfA = #""charlm.sha256.tensor.a":"\#(sha256(data))""#
  static let digestOfHeader = #""charlm.sha256.header":"@""#

  private func signedFile(metadata: String...) -> [UInt8] {
    signed(
      header: #"{"__metadata__":{\#(metadata.joined(separator: ","))},\#(Self.tensors)}"#,
      data: Self.data)
  }

  @Test func digestsFollowTheDocumentedConstruction() throws {
    let archive = try open(signedFile(metadata: Self.digestOfA, Self.digestOfHeader, #""k":"v""#))
    #expect(archive.isVerified)
    #expect(archive.metadata == ["k": "v"])
  }

  @Test func writtenDigestsCoverLengthHeaderAndPadding() throws {
    let bytes = try sampleWriter().bytes(name: "test")
    let header = parts(of: bytes).header
    let digits = try #require(header.firstMatch(of: #/"charlm.sha256.header":"([0-9a-f]{64})"/#)).1
    let unsigned = header.replacing(digits, with: String(repeating: "0", count: 64))
    #expect(sha256(Array(bytes[..<8]) + Array(unsigned.utf8)) == digits)
  }

  /// Bytes in the order of the names, not of the file; nothing of the header.
  @Test func theDigestOfTheTensorsIsThatOfTheirBytes() throws {
    let tensors =
      #""b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"#
      + #""a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}"#
    for metadata in [#""k":"v""#, #""k":"other""#] {
      let bytes = file(
        header: Array(#"{"__metadata__":{\#(metadata)},\#(tensors)}"#.utf8), data: Self.data)
      #expect(try open(bytes, .none).tensorDigest().hex == sha256([2, 3, 4, 1]))
    }
  }

  @Test func digestsMustBeThereUnlessAskedOtherwise() throws {
    let plain = file(header: "{\(Self.tensors)}", dataByteCount: 4)
    #expect(throws: SafetensorsError.headerDigestMissing(file: "test")) { try open(plain) }
    #expect(try !open(plain, .ifPresent).isVerified)
    #expect(try !open(plain, .none).isVerified)
    let ofHeaderOnly = signedFile(metadata: Self.digestOfHeader)
    for verification in [SafetensorsVerification.required, .ifPresent] {
      #expect(throws: SafetensorsError.tensorDigestMissing(file: "test", tensor: "a")) {
        try open(ofHeaderOnly, verification)
      }
    }
    #expect(try open(ofHeaderOnly, .none).metadata == [:])
    let ofTensorOnly = signedFile(metadata: Self.digestOfA)
    for verification in [SafetensorsVerification.required, .ifPresent] {
      #expect(throws: SafetensorsError.headerDigestMissing(file: "test")) {
        try open(ofTensorOnly, verification)
      }
    }
  }

  @Test func digestsMustMatch() {
    let wrong = #""charlm.sha256.tensor.a":"\#(sha256([4, 3, 2, 1]))""#
    let shouting = #""charlm.sha256.tensor.a":"\#(sha256(Self.data).uppercased())""#
    for digest in [wrong, shouting, #""charlm.sha256.tensor.a":"""#] {
      #expect(throws: SafetensorsError.tensorDigestMismatch(file: "test", tensor: "a")) {
        try open(signedFile(metadata: digest, Self.digestOfHeader))
      }
    }
    let zeros = #""charlm.sha256.header":"\#(String(repeating: "0", count: 64))""#
    #expect(throws: SafetensorsError.headerDigestMismatch(file: "test")) {
      try open(signedFile(metadata: Self.digestOfA, zeros))
    }
  }

  @Test func theHeaderDigestStandsUnescapedAndOnce() {
    // 64 digits, but one of them written as an escape; or too few digits.
    let zeros = String(repeating: "0", count: 63)
    for digits in ["\\u0030\(zeros)", zeros, "00\(zeros)", ""] {
      #expect(throws: SafetensorsError.headerDigestMissing(file: "test")) {
        try open(signedFile(metadata: Self.digestOfA, #""charlm.sha256.header":"\#(digits)""#))
      }
    }
    let key = "charlm.sha256.header"
    #expect(throws: SafetensorsError.duplicateMetadataKey(file: "test", key: key)) {
      try open(signedFile(metadata: Self.digestOfA, Self.digestOfHeader, Self.digestOfHeader))
    }
    #expect(throws: SafetensorsError.duplicateMetadataKey(file: "test", key: key)) {
      try open(
        signedFile(
          metadata: Self.digestOfA, Self.digestOfHeader, #""charlm.sha256.h\u0065ader":"x""#))
    }
  }

  @Test func digestsOfNothingAreRejected() {
    for key in [
      "charlm.sha256.tensor.b", "charlm.sha256.", "charlm.sha256.x", "charlm.sha256.tensor.",
    ] {
      #expect(throws: SafetensorsError.unknownDigest(file: "test", key: key)) {
        try open(signedFile(metadata: Self.digestOfA, Self.digestOfHeader, #""\#(key)":"""#))
      }
    }
  }

  @Test func aTextThatLooksLikeADigestIsNone() throws {
    let bytes = try sampleWriter(metadata: ["note": Self.digestOfHeader, "zzz": Self.digestOfA])
      .bytes(name: "test")
    #expect(try open(bytes).metadata["note"] == Self.digestOfHeader)
  }
}
