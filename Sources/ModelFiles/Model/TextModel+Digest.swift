import Tokenization

extension TextModel {
  /// The digest of what decides the model's predictions: the kind of network, its weights and the units of its
  /// tokens. What training and settings are told of in the file is no part of it, so it stays the same where
  /// these get further keys.
  package func digest() -> SHA256Digest {
    var hasher = SHA256Hasher()
    let configuration = weights.configuration
    let vocabulary = tokenizer.vocabulary
    for kind in [
      configuration.cell.rawValue, configuration.activation?.rawValue ?? "",
      vocabulary.unit.rawValue,
    ] {
      hasher.updateWithCount(Array(kind.utf8))
    }
    for tensor in weights.parameters.layout.tensors {
      hasher.updateWithCount(Array("\(tensor.name)\(tensor.shape)".utf8))
      hasher.update(UnsafeRawBufferPointer(weights.parameters.values(of: tensor)))
    }
    for id in 0..<vocabulary.count {
      vocabulary.withUTF8(of: TokenID(id)) { hasher.updateWithCount(Array($0)) }
    }
    return hasher.finalize()
  }
}

extension SHA256Hasher {
  /// The counts keep "ab", "c" apart from "a", "bc".
  fileprivate mutating func updateWithCount(_ bytes: [UInt8]) {
    withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { update($0) }
    bytes.withUnsafeBytes { update($0) }
  }
}
