/// A SHA-256 digest (FIPS 180-4): 32 bytes, written as 64 lowercase hexadecimal digits.
package struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
  /// How many bytes a digest has.
  package static let byteCount = 32
  /// How many characters its text has.
  static let hexByteCount = 2 * byteCount

  /// The digest's bytes, first byte first.
  package let bytes: [UInt8]

  init(bytes: [UInt8]) {
    precondition(bytes.count == Self.byteCount, "a SHA-256 digest has 32 bytes")
    self.bytes = bytes
  }

  /// The digest of `bytes`.
  package init(of bytes: UnsafeRawBufferPointer) {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    self = hasher.finalize()
  }

  /// The digest's text: 64 lowercase hexadecimal digits.
  package var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }

  package var description: String { hex }
}
