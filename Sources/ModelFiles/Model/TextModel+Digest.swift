import Storage
import Tokenization

extension TextModel {
  /// A digest of everything that the model's predictions depend on: the kind of network, its
  /// weights, and what its tokens represent. The record of training is not part of it, so the
  /// digest stays the same when the file gets further keys.
  package func digest() -> SHA256Digest {
    var hasher = SHA256Hasher()
    let configuration = weights.configuration
    let vocabulary = tokenizer.vocabulary
    // What older models do not have comes last, so that they keep their digests.
    let kinds = [
      configuration.cell.rawValue, configuration.activation?.rawValue ?? "",
      vocabulary.unit.rawValue, configuration.normalizationGroups.map { "\($0) groups" },
      configuration.isResidual ? "residual" : nil,
    ]
    for case let kind? in kinds { hasher.updateWithCount(Array(kind.utf8)) }
    for tensor in weights.parameters.layout.tensors {
      hasher.updateWithCount(Array("\(tensor.name)\(tensor.shape)".utf8))
      hasher.update(UnsafeRawBufferPointer(weights.parameters.values(of: tensor)))
    }
    for id in 0..<vocabulary.count {
      tokenizer.withUTF8(of: TokenID(id)) { hasher.updateWithCount(Array($0)) }
    }
    return hasher.finalize()
  }
}

extension SHA256Hasher {
  /// Hashes the count, too, which distinguishes "ab", "c" from "a", "bc".
  fileprivate mutating func updateWithCount(_ bytes: [UInt8]) {
    withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { update($0) }
    bytes.withUnsafeBytes { update($0) }
  }
}
