import Glibc
import Kernels
import RecurrentNetwork
import Tokenization

/// Scores a validation text: every token of it, in order, with carried state, the first one predicted from the
/// begin of a text in a zero state. Blocks of a text are read as one: behind a joint the state still belongs to
/// the block before.
struct Validator {
  let tokens: TokenFile
  /// Of the tokens to predict.
  let places: TokenPositions
  /// What an unknown unit of the text costs beyond its token: the same for all scalars, a mean for grapheme
  /// clusters.
  let natsPerUnknown: Double
  /// Characters each token stands for.
  let characterCounts: [Int]
  let processor: Processor

  struct Score {
    var natsPerToken: Double
    var bitsPerCharacter: Double
  }

  private static let chunkCount = 4_096
  /// Tokens by which it is estimated how long all of them take.
  private static let sampleCount = 16_384

  /// - Parameter shouldStop: is asked now and then.
  /// - Returns: nil where it was told to stop before the end.
  func score(_ weights: NetworkWeights, shouldStop: () -> Bool = { false }) -> Score? {
    guard let (nats, characterCount) = sum(weights, limit: places.count, shouldStop) else {
      return nil
    }
    return Score(
      natsPerToken: nats / Double(places.count),
      bitsPerCharacter: nats / log(2) / Double(max(1, characterCount)))
  }

  /// How long `score` will take, from the first tokens.
  func estimatedSeconds(_ weights: NetworkWeights) -> Double {
    let sample = min(places.count, Self.sampleCount)
    let clock = ContinuousClock()
    let duration = clock.measure { _ = sum(weights, limit: sample) { false } }
    return duration.seconds * Double(places.count) / Double(sample)
  }

  private func sum(
    _ weights: NetworkWeights, limit: Int, _ shouldStop: () -> Bool
  ) -> (nats: Double, characterCount: Int)? {
    var scorer = SequenceScorer(weights: weights, processor: processor)
    scorer.beginText(after: Vocabulary.endOfText)
    let chunk = AlignedBuffer<TokenID>(repeating: 0, count: Self.chunkCount)
    var nats: [Double] = []
    var total = 0.0
    var characterCount = 0
    for first in stride(from: 0, to: limit, by: Self.chunkCount) {
      let places = first..<min(limit, first + Self.chunkCount)
      let ids = UnsafeMutableBufferPointer(start: chunk.start, count: places.count)
      tokens.copy(places, of: self.places, to: ids)
      guard scorer.append(UnsafeBufferPointer(ids), nats: &nats, shouldStop: shouldStop)
      else { return nil }
      total += takeSum(of: &nats)
      for id in ids {
        characterCount += characterCounts[Int(id)]
        if id == Vocabulary.unknown { total += natsPerUnknown }
      }
    }
    guard scorer.endText(nats: &nats, shouldStop: shouldStop) else { return nil }
    total += takeSum(of: &nats)
    return (total, characterCount)
  }

  private func takeSum(of nats: inout [Double]) -> Double {
    defer { nats.removeAll(keepingCapacity: true) }
    return nats.reduce(0, +)
  }
}
