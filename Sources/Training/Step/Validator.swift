import Glibc
import Kernels
import RecurrentNetwork
import Tokenization

/// Scores every token of a validation text, in order, with carried state. The first token is
/// predicted from the beginning of a text and a zero state. Blocks of a text are read as one: after
/// a gap, the state is still that of the block before.
struct Validator {
  let tokens: TokenFile
  /// Positions of the tokens to predict.
  let positions: TokenPositions
  /// The nats that an unknown unit of the text costs beyond its token: the same for all scalars, a
  /// mean for grapheme clusters.
  let natsPerUnknown: Double
  /// The number of characters per token.
  let characterCounts: [Int]
  /// Makes what scores the blocks of a long text.
  let makeScorer: (NetworkWeights, Processor) -> any BlockScoring
  let processor: Processor

  struct Score {
    var natsPerToken: Double
    var bitsPerCharacter: Double
  }

  private static let chunkCount = 4_096
  /// The number of tokens from which the time for all of them is estimated.
  private static let sampleCount = 16_384

  /// - Parameter shouldStop: called now and then.
  /// - Returns: nil if `shouldStop` ended the scoring.
  func score(_ weights: NetworkWeights, shouldStop: () -> Bool = { false }) -> Score? {
    guard let (nats, characterCount) = sum(weights, limit: positions.count, shouldStop) else {
      return nil
    }
    return Score(
      natsPerToken: nats / Double(positions.count),
      bitsPerCharacter: nats / log(2) / Double(max(1, characterCount)))
  }

  /// The expected time of `score`, measured with the first tokens.
  func estimatedSeconds(_ weights: NetworkWeights) -> Double {
    let sample = min(positions.count, Self.sampleCount)
    let clock = ContinuousClock()
    let duration = clock.measure { _ = sum(weights, limit: sample) { false } }
    return duration.seconds * Double(positions.count) / Double(sample)
  }

  private func sum(
    _ weights: NetworkWeights, limit: Int, _ shouldStop: () -> Bool
  ) -> (nats: Double, characterCount: Int)? {
    var scorer = SequenceScorer(
      weights: weights, processor: processor, blocks: makeScorer(weights, processor))
    scorer.beginText(after: Vocabulary.endOfText)
    let chunk = AlignedBuffer<TokenID>(repeating: 0, count: Self.chunkCount)
    var nats: [Double] = []
    // One after the other: the sum does not depend on how many are scored at a time.
    var total = 0.0
    var unknownCount = 0
    var characterCount = 0
    for first in stride(from: 0, to: limit, by: Self.chunkCount) {
      let positions = first..<min(limit, first + Self.chunkCount)
      let ids = UnsafeMutableBufferPointer(start: chunk.start, count: positions.count)
      tokens.copy(positions, of: self.positions, to: ids)
      guard scorer.append(UnsafeBufferPointer(ids), nats: &nats, shouldStop: shouldStop)
      else { return nil }
      total = nats.reduce(total, +)
      nats.removeAll(keepingCapacity: true)
      for id in ids {
        characterCount += characterCounts[Int(id)]
        if id == Vocabulary.unknown { unknownCount += 1 }
      }
    }
    guard scorer.endText(nats: &nats, shouldStop: shouldStop) else { return nil }
    total = nats.reduce(total, +) + Double(unknownCount) * natsPerUnknown
    return (total, characterCount)
  }
}
