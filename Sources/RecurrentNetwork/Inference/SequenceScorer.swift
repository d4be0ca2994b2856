import Kernels

/// Scores a text as it comes: -log p of every token, in order, given all before it.
///
/// ```swift
/// var scorer = SequenceScorer(weights: weights, processor: Processor(threadCount: 2))
/// var nats: [Double] = []
/// scorer.beginText(after: beginOfText)
/// while let tokens = next() { scorer.append(tokens, nats: &nats) }
/// scorer.endText(nats: &nats)
/// ```
///
/// A network reads its weights anew at each step, so one long text is cut into stretches that are read side by
/// side. Each stretch must begin in the state in which the one before it ended. It begins with what a zero
/// state has become after some hundred tokens before the stretch, and is kept if that is the right state but for
/// rounding (`RecurrentState.agrees`), which is looked at for every stretch. What is not kept is scored again, from
/// the right state and with longer beginnings; a network that does not forget within 4,096 tokens reads one
/// token after another, as do those with weights of 8 bits, and all where a text is shorter than 8,192 tokens. Either
/// way the nats are those of one pass over the text but for rounding, and the same to the bit for any number of
/// threads, however the text comes, and whatever was scored before.
public struct SequenceScorer: ~Copyable {
  /// Rounding to 8 bits keeps states apart that differ by next to nothing.
  private let readsInOrder: Bool
  private var predictor: Predictor
  private var lanes: ScoringLanes
  private var state: RecurrentState
  /// The token before those still to be scored, not yet read, and these.
  private var text: [UInt16] = []
  /// What a lane reads before its stretch.
  private var warmUpLength = SequenceScorer.shortestWarmUp
  /// Whether all lanes that ran last began in the right state with this `warmUpLength`.
  private var isWarmUpProven = false
  private var visitsLogits = false

  private static let shortestWarmUp = 512
  private static let longestWarmUp = 4_096
  /// Tokens that are read in order before it is asked whether to stop.
  private static let pieceLength = 4_096
  /// Tokens that are waited for, less where a text ends.
  private static let blockLength = 1 << 17

  public init(weights: NetworkWeights, processor: Processor) {
    readsInOrder = weights.precision != .float32
    predictor = Predictor(weights: weights, processor: processor)
    lanes = ScoringLanes(weights: weights, processor: processor)
    state = RecurrentState(weights.configuration)
  }

  /// Begins a text, in a zero state.
  /// - Parameters:
  ///   - first: the token that the first one of the text follows.
  ///   - visitsLogits: whether someone looks at the logits, for which the text is read in order.
  public mutating func beginText(after first: UInt16, visitsLogits: Bool = false) {
    state = RecurrentState(predictor.weights.configuration)
    text = [first]
    // What a text costs, to the last bit, depends on no other text.
    (warmUpLength, isWarmUpProven) = (Self.shortestWarmUp, false)
    self.visitsLogits = visitsLogits
  }

  /// Takes further tokens, all below V, and appends to `nats` what the first ones cost that have not been scored: of
  /// all or, where more are waited for, of fewer.
  /// - Parameters:
  ///   - visit: is given the logits by which successive tokens were scored, [some x V], valid during the call, where
  ///     they are visited.
  ///   - shouldStop: is asked now and then.
  /// - Returns: false where it was told to stop; then another text must begin.
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

  /// Appends to `nats` what the tokens cost that have not been scored; the text has ended.
  /// - Returns: false where it was told to stop.
  @discardableResult
  public mutating func endText(
    nats: inout [Double], shouldStop: () -> Bool = { false }
  ) -> Bool {
    scoreBlock(&nats, shouldStop)
  }

  /// Scores all that is there.
  private mutating func scoreBlock(_ nats: inout [Double], _ shouldStop: () -> Bool) -> Bool {
    var first = 0
    while first < text.count - 1 {
      if shouldStop() { return false }
      let count = text.count - 1 - first
      // Beginnings that are not proven are tried on little.
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

  /// - Returns: how many tokens were scored.
  private mutating func scoreInOrder(from first: Int, _ nats: inout [Double]) -> Int {
    let text = text
    var previous = text[first]
    return text.withUnsafeBufferPointer { text in
      let piece = UnsafeBufferPointer(rebasing: text[(first + 1)...].prefix(Self.pieceLength))
      predictor.score(piece, after: &previous, state: &state, nats: &nats)
      return piece.count
    }
  }

  /// - Returns: how many tokens were scored; nil where it was told to stop.
  private mutating func scoreInLanes(
    from first: Int, length: Int, _ nats: inout [Double], _ shouldStop: () -> Bool
  ) -> Int? {
    let start = nats.count
    nats.append(contentsOf: repeatElement(0, count: ScoringLanes.count * length))
    let text = text
    let found = text.withUnsafeBufferPointer { text in
      nats.withUnsafeMutableBufferPointer { nats in
        lanes.score(
          text.baseAddress! + first, length: length, warmUpLength: warmUpLength, state: &state,
          nats: nats.baseAddress! + start, shouldStop: shouldStop)
      }
    }
    isWarmUpProven = found == ScoringLanes.count
    if !isWarmUpProven { warmUpLength *= 2 }
    nats.removeLast((ScoringLanes.count - (found ?? 0)) * length)
    return found.map { $0 * length }
  }
}
