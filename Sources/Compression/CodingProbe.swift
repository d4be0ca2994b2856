import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// Tells whether a model gives the very numbers here that it gave where a file was compressed: the digest of
/// the intervals behind the first tokens of the vocabulary.
///
/// One different bit in one logit makes a file unreadable from there on, and a digest that differs says so
/// before any work is done.
enum CodingProbe {
  private static let tokenCount = 32

  /// - Returns: nil where the model's logits are not finite.
  static func digest(
    _ model: TextModel, predictor: inout Predictor, kernels: KernelSet
  ) -> [UInt8]? {
    let tokens = (0..<min(tokenCount, model.tokenizer.vocabularySize)).map { TokenID($0) }
    var state = RecurrentState(model.weights.configuration)
    var previous = Vocabulary.endOfText
    var intervals = TokenIntervals()
    var hasher = SHA256Hasher()
    var isFinite = true
    tokens.withUnsafeBufferPointer { tokens in
      predictor.forEachLogits(tokens, after: &previous, state: &state) { _, logits in
        isFinite = isFinite && intervals.update(logits, kernels: kernels)
        intervals.bounds.withUnsafeBytes { hasher.update($0) }
      }
    }
    return isFinite ? Array(hasher.finalize().bytes.prefix(CompressedFile.probeByteCount)) : nil
  }
}
