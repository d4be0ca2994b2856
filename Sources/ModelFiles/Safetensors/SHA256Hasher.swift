import CLibcrypto

/// SHA-256 over bytes that arrive in pieces; libcrypto picks the processor's own instructions.
///
/// A piece more or less makes no difference: only the sequence of bytes counts.
package struct SHA256Hasher: ~Copyable {
  private let context: OpaquePointer

  /// A hasher that has seen no byte.
  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto has no memory or no SHA-256")
    }
    self.context = context
  }

  /// Appends `bytes` to what is hashed.
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
