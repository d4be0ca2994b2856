extension TextModel {
  /// A digest of all that decides what the model says: network, tokenizer and every weight; 64 hexadecimal
  /// digits. What its training was makes no difference.
  public func digest() throws -> String {
    var hasher = SHA256Hasher()
    let texts = try [
      MetadataText.encode(weights.configuration), MetadataText.encode(tokenizer),
    ]
    for text in texts { Array(text.utf8 + [0]).withUnsafeBytes { hasher.update($0) } }
    for tensor in weights.parameters.layout.tensors {
      hasher.update(UnsafeRawBufferPointer(weights.parameters.values(of: tensor)))
    }
    return hasher.finalize().hex
  }
}
