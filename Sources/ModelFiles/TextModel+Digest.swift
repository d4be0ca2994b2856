import Tokenization

extension TextModel {
  /// The digest of what decides the model's predictions: its weights and the units of its tokens. What training
  /// and settings are told of in the file is no part of it.
  package func digest() -> SHA256Digest {
    var hasher = SHA256Hasher()
    hasher.update(
      UnsafeRawBufferPointer(
        UnsafeBufferPointer(start: weights.parameters.start, count: weights.parameters.count)))
    let vocabulary = tokenizer.vocabulary
    Array(vocabulary.unit.rawValue.utf8).withUnsafeBytes { hasher.update($0) }
    for id in 0..<vocabulary.count {
      vocabulary.withUTF8(of: TokenID(id)) { unit in
        // The lengths keep "ab", "c" apart from "a", "bc".
        withUnsafeBytes(of: UInt32(unit.count).littleEndian) { hasher.update($0) }
        hasher.update(UnsafeRawBufferPointer(unit))
      }
    }
    return hasher.finalize()
  }
}
