import CLibcrypto

/// A SHA-256 digest (FIPS 180-4): 32 bytes, written as 64 lowercase hexadecimal digits.
package struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
  /// The bytes of a digest.
  package static let byteCount = 32
  /// The characters of its text.
  package static let hexByteCount = 2 * byteCount

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

/// Computes SHA-256 over bytes that arrive in pieces; libcrypto picks the processor's own
/// instructions.
///
/// Only the sequence of bytes counts, not how it is split into pieces.
package struct SHA256Hasher: ~Copyable {
  private let context: OpaquePointer

  /// Creates a hasher that has seen no byte.
  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto has no memory or no SHA-256")
    }
    self.context = context
  }

  /// Appends `bytes` to the hashed bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(status == 1, "libcrypto's SHA-256 takes any bytes")
  }

  /// The digest of all bytes so far.
  package consuming func finalize() -> SHA256Digest {
    var digest = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
    let status = EVP_DigestFinal_ex(context, &digest, nil)
    precondition(status == 1, "libcrypto's SHA-256 gives a digest once")
    return SHA256Digest(bytes: digest)
  }

  deinit {
    EVP_MD_CTX_free(context)
  }
}
