import Storage

/// The digests in the `__metadata__` of charlm's safetensors files, which reveal every changed bit.
///
/// | key | text |
/// |---|---|
/// | `charlm.sha256.tensor.NAME` | SHA-256 of the bytes of tensor NAME, one entry for each tensor |
/// | `charlm.sha256.header` | SHA-256 of the eight length bytes and the header, padding included, with the 64 digits of this very digest taken as zeros (`0`) |
///
/// Tensors cover all of the data, and the header holds their digests: together, the two kinds cover
/// every bit of the file. Digests are 64 lowercase hexadecimal digits, never written with escapes.
/// The parser notes the position of the header's own digest, so no other text can be mistaken for
/// it.
enum SafetensorsDigests {
  /// The prefix of the keys of digests; no other key has it.
  static let keyPrefix = "charlm.sha256."
  static let headerKey = keyPrefix + "header"

  /// The key of the digest of the tensor called `name`.
  static func key(ofTensor name: String) -> String {
    tensorKeyPrefix + name
  }

  /// Whether `key` is reserved for digests.
  static func isKey(_ key: String) -> Bool {
    key.utf8.starts(with: keyPrefix.utf8)  // bytes: `hasPrefix` fails before a combining mark
  }

  /// The digest of a header.
  /// - Parameters:
  ///   - text: the length bytes and the header.
  ///   - hexOffset: the position in `text` of the digest's own 64 digits.
  static func headerDigest(of text: UnsafeRawBufferPointer, hexOffset: Int) -> SHA256Digest {
    var hasher = SHA256Hasher()
    hasher.update(UnsafeRawBufferPointer(rebasing: text[..<hexOffset]))
    Array(placeholder.utf8).withUnsafeBytes { hasher.update($0) }
    let end = hexOffset + SHA256Digest.hexByteCount
    hasher.update(UnsafeRawBufferPointer(rebasing: text[end...]))
    return hasher.finalize()
  }

  /// Replaces the header's digest while it is computed.
  static let placeholder = String(repeating: "0", count: SHA256Digest.hexByteCount)

  private static let tensorKeyPrefix = keyPrefix + "tensor."
}
