import Kernels
import RecurrentNetwork
import TestSupport
import Testing

/// Long texts, whose blocks are scored without the state before them.
@Suite struct BlockScoringTests {
  /// Scores several blocks at once, as several processes do.
  private final class SeveralScorers: BlockScoring {
    private let scorer: BlockScorer
    let blocksAtOnce: Int
    private(set) var most = 0
    /// Whether every second block begins in a wrong state.
    var isWrong = false

    init(_ weights: NetworkWeights, blocksAtOnce: Int) {
      scorer = BlockScorer(weights: weights, processor: Processor(threadCount: 1))
      self.blocksAtOnce = blocksAtOnce
    }

    func score(_ blocks: [TextBlock], shouldStop: () -> Bool) -> [BlockScore]? {
      most = max(most, blocks.count)
      // Other processes score them in any order.
      let scores = blocks.reversed().map { scorer.score([$0], shouldStop: shouldStop)?.first }
      guard !scores.contains(where: { $0 == nil }) else { return nil }
      return scores.reversed().compactMap { $0 }.enumerated().map { number, score in
        guard isWrong, !number.isMultiple(of: 2) else { return score }
        var begin = score.begin
        begin.values[0] += 0.01
        return BlockScore(
          begin: begin, end: begin, nats: score.nats.map { $0 + 1 })
      }
    }
  }

  /// Four blocks and a part of one.
  private static let text = TextScorerTests.text(4 * SequenceScorer.blockLength + 40_017)

  private func nats(
    _ weights: NetworkWeights, _ blocks: (any BlockScoring)?, pieceLengths: [Int] = [1 << 20]
  ) -> [Double] {
    var scorer = SequenceScorer(
      weights: weights, processor: Processor(threadCount: 2), blocks: blocks)
    return TextScorerTests.nats(&scorer, Self.text, pieceLengths: pieceLengths)
  }

  @Test(arguments: [TestedCell.all[0], TestedCell.all.first { $0.normalizationGroups != nil }!])
  func theNumberOfBlocksAtOnceChangesNoBit(cell: TestedCell) {
    let weights = TextScorerTests.weights(cell, scale: TextScorerTests.forgettingScale)
    let alone = nats(weights, nil)
    #expect(relativeError(alone, TextScorerTests.natsInOrder(weights, Self.text)) < 1e-5)
    for count in [2, 3, 8] {
      let several = SeveralScorers(weights, blocksAtOnce: count)
      #expect(nats(weights, several, pieceLengths: [1, 99_999, 300_000]) == alone)
      #expect(several.most == min(count, 4))
    }
  }

  /// The state that a block begins in is not always the right one.
  @Test func aNetworkThatForgetsSlowlyCostsTheSame() {
    let weights = TextScorerTests.rememberingWeights(forgetBias: 4)
    let alone = nats(weights, nil)
    #expect(relativeError(alone, TextScorerTests.natsInOrder(weights, Self.text)) < 1e-5)
    for count in [2, 4] {
      #expect(nats(weights, SeveralScorers(weights, blocksAtOnce: count)) == alone)
    }
  }

  @Test func aBlockThatBeganInAWrongStateIsScoredAgain() {
    let weights = TextScorerTests.weights(
      TestedCell.all[0], scale: TextScorerTests.forgettingScale)
    let wrong = SeveralScorers(weights, blocksAtOnce: 4)
    wrong.isWrong = true
    let found = nats(weights, wrong)
    #expect(relativeError(found, TextScorerTests.natsInOrder(weights, Self.text)) < 1e-5)
  }

  @Test func whoStopsGetsNothing() {
    let weights = TextScorerTests.weights(
      TestedCell.all[0], scale: TextScorerTests.forgettingScale)
    var scorer = SequenceScorer(
      weights: weights, processor: Processor(threadCount: 2),
      blocks: SeveralScorers(weights, blocksAtOnce: 2))
    var nats: [Double] = []
    var questions = 0
    scorer.beginText(after: 0)
    let isComplete = Self.text.withUnsafeBufferPointer { text in
      scorer.append(
        text, nats: &nats,
        shouldStop: {
          questions += 1
          return questions == 1_000  // more than the first block has
        })
    }
    #expect(!isComplete)
    #expect(nats.count == SequenceScorer.blockLength)
  }
}
