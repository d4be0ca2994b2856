import Kernels

/// A block of a text, to be scored without knowing the state in which the text before it ends.
package struct TextBlock: Sendable {
  /// The tokens before the block, and those of the block.
  package let tokens: [UInt16]
  /// The number of tokens to score, the last ones of `tokens`; one and `warmUpLength` others precede
  /// them.
  package let count: Int
  /// The number of tokens that a lane reads before its stretch.
  package let warmUpLength: Int

  package init(tokens: [UInt16], count: Int, warmUpLength: Int) {
    precondition(tokens.count == warmUpLength + 1 + count, "the tokens before a block are missing")
    precondition(count >= ScoringLanes.count * warmUpLength, "the block is too short")
    (self.tokens, self.count, self.warmUpLength) = (tokens, count, warmUpLength)
  }
}

/// The scores of a block. They are those of the text if the block began, up to rounding, in the state
/// in which the text before it ends.
package struct BlockScore: Sendable, Equatable {
  package let states: StretchStates
  /// -log p of each token of the block; empty if the network needs longer to warm up.
  package let nats: [Double]

  package init(states: StretchStates, nats: [Double]) {
    (self.states, self.nats) = (states, nats)
  }
}

/// Scores blocks of texts with one network: in this process (`BlockScorer`), or in several.
package protocol BlockScoring: AnyObject {
  /// How many blocks are scored at the same time.
  var blocksAtOnce: Int { get }

  /// - Parameters:
  ///   - blocks: at most `blocksAtOnce`.
  ///   - shouldStop: called from time to time.
  /// - Returns: the scores of each block, which depend on nothing but the block and the instruction
  ///   set; nil if `shouldStop` returned true.
  func score(_ blocks: [TextBlock], shouldStop: () -> Bool) -> [BlockScore]?
}

/// Scores blocks of texts, and texts from a given state.
package final class BlockScorer: BlockScoring {
  private var predictor: Predictor
  private var lanes: ScoringLanes

  package init(weights: NetworkWeights, processor: Processor) {
    predictor = Predictor(weights: weights, processor: processor)
    lanes = ScoringLanes(weights: weights, processor: processor)
  }

  package var blocksAtOnce: Int { 1 }

  package func score(_ blocks: [TextBlock], shouldStop: () -> Bool) -> [BlockScore]? {
    var scores: [BlockScore] = []
    for block in blocks {
      guard let score = score(block, shouldStop) else { return nil }
      scores.append(score)
    }
    return scores
  }

  private func score(_ block: TextBlock, _ shouldStop: () -> Bool) -> BlockScore? {
    block.tokens.withUnsafeBufferPointer { tokens in
      let text = UnsafeBufferPointer(rebasing: tokens[block.warmUpLength...])
      let length = block.count / ScoringLanes.count
      var nats: [Double] = []
      guard
        let accepted = scoreInLanes(
          text.baseAddress!, length: length, warmUpLength: block.warmUpLength, state: nil,
          nats: &nats, shouldStop: shouldStop)
      else { return nil }
      var end = accepted.states.end
      if accepted.count == ScoringLanes.count {
        let rest = UnsafeBufferPointer(rebasing: text[(ScoringLanes.count * length)...])
        scoreInOrder(rest, state: &end, nats: &nats)
      } else {
        nats = []
      }
      return BlockScore(
        states: StretchStates(
          begin: accepted.states.begin, settled: accepted.states.settled, end: end),
        nats: nats)
    }
  }

  // MARK: Texts of which it is known how they begin

  /// Appends the scores of all tokens except the first one, which is read.
  func scoreInOrder(
    _ text: UnsafeBufferPointer<UInt16>, state: inout RecurrentState, nats: inout [Double],
    visitingLogits visit: (MatrixView) -> Void = { _ in }
  ) {
    var previous = text[0]
    predictor.score(
      UnsafeBufferPointer(rebasing: text.dropFirst()), after: &previous, state: &state, nats: &nats,
      visitingLogits: visit)
  }

  /// The leading stretches whose scores are those of the text.
  package struct Accepted {
    /// At least 1.
    package let count: Int
    /// How many of the first `count` did not begin in the right state.
    package let correctedCount: Int
    /// Of all of them together.
    package let states: StretchStates
  }

  /// Scores `ScoringLanes.count` stretches and appends the scores of the accepted ones.
  ///
  /// For the parameters see `ScoringLanes.score`.
  package func scoreInLanes(
    _ text: UnsafePointer<UInt16>, length: Int, warmUpLength: Int, state: RecurrentState?,
    nats: inout [Double], shouldStop: () -> Bool
  ) -> Accepted? {
    let start = nats.count
    nats.append(contentsOf: repeatElement(0, count: ScoringLanes.count * length))
    let stretches = nats.withUnsafeMutableBufferPointer { nats in
      lanes.score(
        text, length: length, warmUpLength: warmUpLength, state: state,
        nats: nats.baseAddress! + start, shouldStop: shouldStop)
    }
    guard let stretches else { return nil }
    var (count, correctedCount) = (1, 0)
    while count < stretches.count {
      let (lane, before) = (stretches[count], stretches[count - 1].end)
      if !lane.begin.agrees(with: before) {
        let first = UnsafeBufferPointer(start: text + count * length, count: 1 + warmUpLength)
        guard
          correct(&nats, from: start + count * length, first, states: lane, after: before)
        else { break }
        correctedCount += 1
      }
      count += 1
    }
    nats.removeLast((stretches.count - count) * length)
    return Accepted(
      count: count, correctedCount: correctedCount,
      states: StretchStates(
        begin: stretches[0].begin, settled: stretches[0].settled, end: stretches[count - 1].end))
  }

  /// Corrects the scores of a stretch that did not begin in the right state: reads its first tokens
  /// again, from that state.
  /// - Parameters:
  ///   - nats: of which the ones from `position` on belong to the stretch.
  ///   - text: the token before the stretch and its first `warmUpLength` tokens.
  ///   - states: those in which the stretch was read.
  ///   - state: the one in which the text before the stretch ends.
  /// - Returns: whether the two readings then agree. If so, all scores of the stretch are right.
  func correct(
    _ nats: inout [Double], from position: Int, _ text: UnsafeBufferPointer<UInt16>,
    states: StretchStates, after state: RecurrentState
  ) -> Bool {
    var state = state
    var corrected: [Double] = []
    scoreInOrder(text, state: &state, nats: &corrected)
    nats.replaceSubrange(position..<position + corrected.count, with: corrected)
    return states.settled.agrees(with: state)
  }
}
