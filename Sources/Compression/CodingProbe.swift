import Kernels
import ModelFiles
import RecurrentNetwork
import Storage
import Tokenization

/// Checks whether a model computes exactly the numbers that it computed where a file was
/// compressed: a digest of the intervals after the first tokens of the vocabulary.
///
/// A single different bit in one logit makes the rest of a file unreadable. A digest that differs
/// reports this before any work is done.
enum CodingProbe {
  private static let tokenCount = 32

  /// - Returns: nil if the model's logits are not finite.
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
