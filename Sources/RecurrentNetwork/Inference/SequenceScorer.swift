import Kernels

/// Scores a streamed text: -log p of every token, in order, given all tokens before it.
///
/// ```swift
/// import Kernels
/// import RecurrentNetwork
///
/// var scorer = SequenceScorer(weights: weights, processor: Processor(threadCount: 2))
/// var nats: [Double] = []
/// scorer.beginText(after: beginOfText)
/// while let tokens = next() { scorer.append(tokens, nats: &nats) }
/// scorer.endText(nats: &nats)
/// ```
///
/// A network reads its weights again at each step, so a long text is split into stretches that are
/// scored side by side (`ScoringLanes`). Each stretch should begin in the state in which its
/// predecessor ended. It starts from a zero state warmed up on the preceding few hundred tokens. If
/// that state agrees, up to rounding, with the one its predecessor ends in
/// (`RecurrentState.agrees`), the scores are accepted. If not, the stretch's first tokens are read
/// again from the right state, as many as the warm-up had. If the two readings agree after them, only
/// the scores of these tokens are replaced; otherwise this stretch and the later ones are scored
/// again, with a longer warm-up. Every stretch is checked. Tokens are read one after another if the
/// network does not forget within 4,096 tokens, has weights of 8 bits, or the text is shorter than
/// 8,192 tokens.
///
/// In the same way the blocks of a very long text are scored, each of 131,072 tokens, so that several
/// processes can share them (`BlockScoring`).
///
/// In all cases the nats are, up to rounding, those of one pass over the text. They are
/// bit-identical for any number of threads and processes, any division of the text into chunks, and
/// whatever was scored before.
public struct SequenceScorer: ~Copyable {
  /// True for weights of 8 bits: rounding to 8 bits keeps nearly equal states from converging.
  private let readsInOrder: Bool
  private let scorer: BlockScorer
  private let blocks: any BlockScoring
  private let zeroState: RecurrentState
  private var state: RecurrentState
  /// Tokens already scored, the last of which is not yet read, and the tokens still to be scored.
  private var text: [UInt16] = []
  /// The position in `text` of the last scored token.
  private var last = 0
  /// The number of tokens that a lane reads before its stretch.
  private var warmUpLength = SequenceScorer.shortestWarmUp
  /// Whether this `warmUpLength` was long enough for the last lanes.
  private var isWarmUpProven = false
  private var visitsLogits = false

  private static let shortestWarmUp = 512
  private static let longestWarmUp = 4_096
  /// How many of the lanes may begin in a wrong state before all of them warm up longer. To correct
  /// one takes as long as 2 or 3 lanes take to warm up.
  private static let mostCorrections = ScoringLanes.count / 4
  /// How often cancellation is checked when tokens are read in order, in tokens.
  private static let pieceLength = 4_096
  /// The number of tokens collected before they are scored; fewer at the end of a text.
  package static let blockLength = 1 << 17

  /// Creates a scorer that computes on `processor`.
  /// - Precondition: the weights were packed for the same instruction set.
  public init(weights: NetworkWeights, processor: Processor) {
    self.init(weights: weights, processor: processor, blocks: nil)
  }

  /// - Parameter blocks: scores the blocks of a long text with the same weights; nil if this scorer
  ///   does.
  package init(weights: NetworkWeights, processor: Processor, blocks: (any BlockScoring)?) {
    readsInOrder = weights.precision != .float32
    let scorer = BlockScorer(weights: weights, processor: processor)
    self.scorer = scorer
    self.blocks = blocks ?? scorer
    zeroState = RecurrentState(weights.configuration)
    state = zeroState
  }

  /// Begins a text, in a zero state.
  /// - Parameters:
  ///   - first: the token before the first one of the text.
  ///   - visitsLogits: whether the logits are visited; the text is then read in order.
  public mutating func beginText(after first: UInt16, visitsLogits: Bool = false) {
    state = zeroState
    (text, last) = ([first], 0)
    // The nats of a text, to the last bit, depend on no other text.
    (warmUpLength, isWarmUpProven) = (Self.shortestWarmUp, false)
    self.visitsLogits = visitsLogits
  }

  /// Appends tokens, all below V, to the text, and to `nats` the scores of the first tokens that
  /// have none yet: of all tokens, or of fewer while more are collected.
  /// - Parameters:
  ///   - tokens: token ids.
  ///   - nats: receives the scores.
  ///   - visit: receives the logits by which successive tokens were scored, [rows x V], valid
  ///     during the call; only called if the text was begun with `visitsLogits`.
  ///   - shouldStop: called from time to time.
  /// - Returns: false if `shouldStop` returned true; the next call must then be `beginText`.
  @discardableResult
  public mutating func append(
    _ tokens: UnsafeBufferPointer<UInt16>, nats: inout [Double],
    visitingLogits visit: (MatrixView) -> Void = { _ in }, shouldStop: () -> Bool = { false }
  ) -> Bool {
    precondition(!text.isEmpty, "a text must begin first")
    if visitsLogits {
      let piece = text + tokens
      piece.withUnsafeBufferPointer {
        scorer.scoreInOrder($0, state: &state, nats: &nats, visitingLogits: visit)
      }
      text = Array(piece.suffix(1))
      return !shouldStop()
    }
    var tokens = tokens[...]
    while !tokens.isEmpty {
      // All that are scored at once, but the first block of a text alone: it shows how long the
      // network needs to warm up.
      let wanted = Self.blockLength * (isWarmUpProven ? blocks.blocksAtOnce : 1)
      let piece = tokens.prefix(last + 1 + wanted - text.count)
      text.append(contentsOf: piece)
      tokens = tokens.dropFirst(piece.count)
      guard text.count - 1 - last < wanted || scoreCollected(&nats, shouldStop) else {
        return false
      }
    }
    return true
  }

  /// Ends the text and appends to `nats` the scores of the tokens that have none yet.
  /// - Returns: false if `shouldStop` returned true.
  @discardableResult
  public mutating func endText(
    nats: inout [Double], shouldStop: () -> Bool = { false }
  ) -> Bool {
    scoreCollected(&nats, shouldStop)
  }

  /// Scores all collected tokens.
  private mutating func scoreCollected(_ nats: inout [Double], _ shouldStop: () -> Bool) -> Bool {
    while last < text.count - 1 {
      let blocks = nextBlocks
      guard
        blocks.isEmpty
          ? scoreBlock(&nats, shouldStop) : scoreBlocks(blocks, &nats, shouldStop)
      else { return false }
    }
    // A later block warms up on the last tokens.
    let excess = max(0, last - Self.longestWarmUp)
    text.removeFirst(excess)
    last -= excess
    return true
  }

  /// The next blocks that can be scored without the state before them.
  private var nextBlocks: [TextBlock] {
    guard isWarmUpProven, !readsInOrder, last >= warmUpLength else { return [] }
    return stride(from: last, to: text.count - 1, by: Self.blockLength)
      .prefix(blocks.blocksAtOnce)
      .map { (first: $0, count: min(Self.blockLength, text.count - 1 - $0)) }
      .filter { $0.count >= ScoringLanes.count * warmUpLength }
      .map { block in
        TextBlock(
          tokens: Array(text[(block.first - warmUpLength)...(block.first + block.count)]),
          count: block.count, warmUpLength: warmUpLength)
      }
  }

  /// Scores blocks, up to the first whose scores are not those of the text.
  private mutating func scoreBlocks(
    _ blocks: [TextBlock], _ nats: inout [Double], _ shouldStop: () -> Bool
  ) -> Bool {
    guard let scores = self.blocks.score(blocks, shouldStop: shouldStop) else { return false }
    for (block, score) in zip(blocks, scores) {
      let position = nats.count
      nats += score.nats
      guard !score.nats.isEmpty, isRight(score, of: block, &nats, from: position) else {
        nats.removeLast(nats.count - position)
        isWarmUpProven = false
        warmUpLength *= 2
        break
      }
      state = score.states.end
      last += score.nats.count
    }
    return true
  }

  /// Whether the scores of the next block are those of the text, after its first ones were corrected
  /// where it began in a wrong state.
  private func isRight(
    _ score: BlockScore, of block: TextBlock, _ nats: inout [Double], from position: Int
  ) -> Bool {
    score.states.begin.agrees(with: state)
      || text.withUnsafeBufferPointer { text in
        scorer.correct(
          &nats, from: position,
          UnsafeBufferPointer(rebasing: text[last...(last + block.warmUpLength)]),
          states: score.states, after: state)
      }
  }

  /// Scores the next block from the state before it.
  private mutating func scoreBlock(_ nats: inout [Double], _ shouldStop: () -> Bool) -> Bool {
    let end = min(text.count - 1, last + Self.blockLength)
    while last < end {
      if shouldStop() { return false }
      // An unproven warm-up is tried on short stretches.
      let longest = isWarmUpProven ? end - last : 2 * warmUpLength
      let length = min((end - last) / ScoringLanes.count, longest)
      if readsInOrder || length < warmUpLength || warmUpLength > Self.longestWarmUp {
        scoreInOrder(upTo: min(end, last + Self.pieceLength), &nats)
      } else if !scoreInLanes(length: length, &nats, shouldStop) {
        return false
      }
    }
    return true
  }

  private mutating func scoreInOrder(upTo end: Int, _ nats: inout [Double]) {
    let (text, last) = (text, last)
    text.withUnsafeBufferPointer { text in
      scorer.scoreInOrder(
        UnsafeBufferPointer(rebasing: text[last...end]), state: &state, nats: &nats)
    }
    self.last = end
  }

  /// - Returns: false if `shouldStop` returned true.
  private mutating func scoreInLanes(
    length: Int, _ nats: inout [Double], _ shouldStop: () -> Bool
  ) -> Bool {
    let accepted = text.withUnsafeBufferPointer { text in
      scorer.scoreInLanes(
        text.baseAddress! + last, length: length, warmUpLength: warmUpLength, state: state,
        nats: &nats, shouldStop: shouldStop)
    }
    guard let accepted else { return false }
    state = accepted.states.end
    last += accepted.count * length
    isWarmUpProven =
      accepted.count == ScoringLanes.count && accepted.correctedCount <= Self.mostCorrections
    if !isWarmUpProven { warmUpLength *= 2 }
    return true
  }
}
