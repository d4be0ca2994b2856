/// The digests that charlm keeps in a safetensors file's `__metadata__`, so that every changed bit shows.
///
/// | key | text |
/// |---|---|
/// | `charlm.sha256.tensor.NAME` | SHA-256 of the bytes of tensor NAME, one entry for each tensor |
/// | `charlm.sha256.header` | SHA-256 of the eight length bytes and the whole header, padding included, with the 64 digits of this very digest taken as zeros (`0`) |
///
/// Tensors cover all of the data, and the header holds their digests: together the two kinds cover every
/// bit of the file. Digests are 64 lowercase hexadecimal digits, never written with escapes. The header's
/// is found by its position in the parsed text, so no other text can be taken for it.
enum SafetensorsDigests {
  /// What the keys of digests begin with; no other key does.
  static let keyPrefix = "charlm.sha256."
  static let headerKey = keyPrefix + "header"

  /// The key of the digest of the tensor called `name`.
  static func key(ofTensor name: String) -> String {
    tensorKeyPrefix + name
  }

  /// Whether `key` is kept for digests.
  static func isKey(_ key: String) -> Bool {
    key.utf8.starts(with: keyPrefix.utf8)  // bytes: `hasPrefix` fails before a combining mark
  }

  /// The digest of a header.
  /// - Parameters:
  ///   - text: the length bytes and the header.
  ///   - hexOffset: where the digest's own 64 digits stand in `text`.
  static func headerDigest(of text: UnsafeRawBufferPointer, hexOffset: Int) -> SHA256Digest {
    var hasher = SHA256Hasher()
    hasher.update(UnsafeRawBufferPointer(rebasing: text[..<hexOffset]))
    Array(placeholder.utf8).withUnsafeBytes { hasher.update($0) }
    let end = hexOffset + SHA256Digest.hexByteCount
    hasher.update(UnsafeRawBufferPointer(rebasing: text[end...]))
    return hasher.finalize()
  }

  /// What stands for the header's digest while it is computed.
  static let placeholder = String(repeating: "0", count: SHA256Digest.hexByteCount)

  /// Compares `bytes`, the whole of a file, with the digests in its header.
  /// - Throws: `SafetensorsError`, one of the cases on digests.
  static func verify(
    _ bytes: UnsafeRawBufferPointer, against header: SafetensorsHeader, file: String
  ) throws {
    guard let hexOffset = header.headerDigestOffset else {
      throw SafetensorsError.headerDigestMissing(file: file)
    }
    let text = UnsafeRawBufferPointer(rebasing: bytes[..<header.dataOffset])
    let found = headerDigest(of: text, hexOffset: hexOffset).hex
    guard text[hexOffset...].starts(with: found.utf8) else {
      throw SafetensorsError.headerDigestMismatch(file: file)
    }
    try checkKeys(of: header, file: file)
    for tensor in header.tensors {
      guard let expected = header.metadata[key(ofTensor: tensor.name)] else {
        throw SafetensorsError.tensorDigestMissing(file: file, tensor: tensor.name)
      }
      guard SHA256Digest(of: header.bytes(of: tensor, in: bytes)).hex == expected else {
        throw SafetensorsError.tensorDigestMismatch(file: file, tensor: tensor.name)
      }
    }
  }

  private static let tensorKeyPrefix = keyPrefix + "tensor."

  /// Refuses a key of the kind kept for digests that belongs to nothing in the file.
  private static func checkKeys(of header: SafetensorsHeader, file: String) throws {
    let known = Set(header.tensors.map { ExactString(key(ofTensor: $0.name)) })
    for found in header.metadata.keys where isKey(found) && found != headerKey {
      guard known.contains(ExactString(found)) else {
        throw SafetensorsError.unknownDigest(file: file, key: found)
      }
    }
  }
}
