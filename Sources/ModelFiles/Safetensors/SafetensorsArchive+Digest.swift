import Storage

extension SafetensorsArchive {
  /// SHA-256 of the bytes of all tensors, in the order of their names as UTF-8.
  ///
  /// It depends on nothing else in the file: two models have the same weights if it is the same.
  package func tensorDigest() throws -> SHA256Digest {
    var hasher = SHA256Hasher()
    for tensor in tensors.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      try withBytes(of: tensor.name) { hasher.update($0) }
    }
    return hasher.finalize()
  }
}
