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
/// (`RecurrentState.agrees`), the scores are accepted; if not, the stretch is scored again, from
/// the right state and with a longer warm-up. Every stretch is checked. Tokens are read one after
/// another if the network does not forget within 4,096 tokens, has weights of 8 bits, or the text
/// is shorter than 8,192 tokens.
///
/// In all cases the nats are, up to rounding, those of one pass over the text. They are
/// bit-identical for any number of threads, any division of the text into chunks, and whatever was
/// scored before.
public struct SequenceScorer: ~Copyable {
  /// True for weights of 8 bits: rounding to 8 bits keeps nearly equal states from converging.
  private let readsInOrder: Bool
  private var predictor: Predictor
  private var lanes: ScoringLanes
  private var state: RecurrentState
  /// The last scored token, which is not yet read, and the tokens still to be scored.
  private var text: [UInt16] = []
  /// The number of tokens that a lane reads before its stretch.
  private var warmUpLength = SequenceScorer.shortestWarmUp
  /// Whether all lanes of the last run began in the right state with this `warmUpLength`.
  private var isWarmUpProven = false
  private var visitsLogits = false

  private static let shortestWarmUp = 512
  private static let longestWarmUp = 4_096
  /// How often cancellation is checked when tokens are read in order, in tokens.
  private static let pieceLength = 4_096
  /// The number of tokens collected before they are scored; fewer at the end of a text.
  private static let blockLength = 1 << 17

  public init(weights: NetworkWeights, processor: Processor) {
    readsInOrder = weights.precision != .float32
    predictor = Predictor(weights: weights, processor: processor)
    lanes = ScoringLanes(weights: weights, processor: processor)
    state = RecurrentState(weights.configuration)
  }

  /// Begins a text, in a zero state.
  /// - Parameters:
  ///   - first: the token before the first one of the text.
  ///   - visitsLogits: whether the logits are visited; the text is then read in order.
  public mutating func beginText(after first: UInt16, visitsLogits: Bool = false) {
    state = RecurrentState(predictor.weights.configuration)
    text = [first]
    // The nats of a text, to the last bit, depend on no other text.
    (warmUpLength, isWarmUpProven) = (Self.shortestWarmUp, false)
    self.visitsLogits = visitsLogits
  }

  /// Appends tokens, all below V, to the text, and to `nats` the scores of the first tokens that
  /// have none yet: of all tokens, or of fewer while more are collected.
  /// - Parameters:
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
      predictor.score(
        tokens, after: &text[0], state: &state, nats: &nats, visitingLogits: visit)
      return !shouldStop()
    }
    var tokens = tokens[...]
    while !tokens.isEmpty {
      let piece = tokens.prefix(Self.blockLength + 1 - text.count)
      text.append(contentsOf: piece)
      tokens = tokens.dropFirst(piece.count)
      guard text.count <= Self.blockLength || scoreBlock(&nats, shouldStop) else { return false }
    }
    return true
  }

  /// Ends the text and appends to `nats` the scores of the tokens that have none yet.
  /// - Returns: false if `shouldStop` returned true.
  @discardableResult
  public mutating func endText(
    nats: inout [Double], shouldStop: () -> Bool = { false }
  ) -> Bool {
    scoreBlock(&nats, shouldStop)
  }

  /// Scores all collected tokens.
  private mutating func scoreBlock(_ nats: inout [Double], _ shouldStop: () -> Bool) -> Bool {
    var first = 0
    while first < text.count - 1 {
      if shouldStop() { return false }
      let count = text.count - 1 - first
      // An unproven warm-up is tried on short stretches.
      let longest = isWarmUpProven ? count : 2 * warmUpLength
      let length = min(count / ScoringLanes.count, longest)
      if readsInOrder || length < warmUpLength || warmUpLength > Self.longestWarmUp {
        first += scoreInOrder(from: first, &nats)
      } else if let count = scoreInLanes(from: first, length: length, &nats, shouldStop) {
        first += count
      } else {
        return false
      }
    }
    text.removeFirst(text.count - 1)
    return true
  }

  /// - Returns: the number of tokens scored.
  private mutating func scoreInOrder(from first: Int, _ nats: inout [Double]) -> Int {
    let text = text
    var previous = text[first]
    return text.withUnsafeBufferPointer { text in
      let piece = UnsafeBufferPointer(rebasing: text[(first + 1)...].prefix(Self.pieceLength))
      predictor.score(piece, after: &previous, state: &state, nats: &nats)
      return piece.count
    }
  }

  /// - Returns: the number of tokens scored; nil if `shouldStop` returned true.
  private mutating func scoreInLanes(
    from first: Int, length: Int, _ nats: inout [Double], _ shouldStop: () -> Bool
  ) -> Int? {
    let start = nats.count
    nats.append(contentsOf: repeatElement(0, count: ScoringLanes.count * length))
    let text = text
    let accepted = text.withUnsafeBufferPointer { text in
      nats.withUnsafeMutableBufferPointer { nats in
        lanes.score(
          text.baseAddress! + first, length: length, warmUpLength: warmUpLength, state: &state,
          nats: nats.baseAddress! + start, shouldStop: shouldStop)
      }
    }
    isWarmUpProven = accepted == ScoringLanes.count
    if !isWarmUpProven { warmUpLength *= 2 }
    nats.removeLast((ScoringLanes.count - (accepted ?? 0)) * length)
    return accepted.map { $0 * length }
  }
}
