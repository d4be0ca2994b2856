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
    private(set) var blockCount = 0
    /// What is wrong with every second block.
    var fault = Fault.none

    enum Fault {
      case none
      /// It began in a wrong state.
      case beginning
      /// It never was in the right state.
      case all
    }

    init(_ weights: NetworkWeights, blocksAtOnce: Int) {
      scorer = BlockScorer(weights: weights, processor: Processor(threadCount: 1))
      self.blocksAtOnce = blocksAtOnce
    }

    func score(_ blocks: [TextBlock], shouldStop: () -> Bool) -> [BlockScore]? {
      most = max(most, blocks.count)
      blockCount += blocks.count
      // Other processes score them in any order.
      let scores = blocks.reversed().map { scorer.score([$0], shouldStop: shouldStop)?.first }
      guard !scores.contains(where: { $0 == nil }) else { return nil }
      return scores.reversed().compactMap { $0 }.enumerated().map { number, score in
        guard fault != .none, !number.isMultiple(of: 2) else { return score }
        var wrong = score.states.begin
        wrong.values[0] += 0.01
        let warmUpLength = blocks[number].warmUpLength
        return fault == .beginning
          ? BlockScore(
            states: StretchStates(
              begin: wrong, settled: score.states.settled, end: score.states.end),
            nats: score.nats.prefix(warmUpLength).map { $0 + 1 } + score.nats[warmUpLength...])
          : BlockScore(
            states: StretchStates(begin: wrong, settled: wrong, end: wrong),
            nats: score.nats.map { $0 + 1 })
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

  @Test(arguments: [SeveralScorers.Fault.none, .beginning, .all])
  private func aBlockThatBeganInAWrongStateIsCorrected(fault: SeveralScorers.Fault) {
    let weights = TextScorerTests.weights(
      TestedCell.all[0], scale: TextScorerTests.forgettingScale)
    let scorer = SeveralScorers(weights, blocksAtOnce: 4)
    scorer.fault = fault
    let found = nats(weights, scorer)
    #expect(relativeError(found, TextScorerTests.natsInOrder(weights, Self.text)) < 1e-5)
    // All but the first, which begins the text; again where nothing of a block is right.
    #expect(fault == .all ? scorer.blockCount > 4 : scorer.blockCount == 4)
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
