import Kernels

/// Some states of a stretch of a text that was read from a state of its own, not from the one in which
/// the text before it ends.
package struct StretchStates: Sendable, Equatable {
  /// Before the stretch.
  package let begin: RecurrentState
  /// After the first `warmUpLength` tokens that were read.
  package let settled: RecurrentState
  /// Before the last token of the stretch is read.
  package let end: RecurrentState

  package init(begin: RecurrentState, settled: RecurrentState, end: RecurrentState) {
    (self.begin, self.settled, self.end) = (begin, settled, end)
  }
}

/// Scores successive stretches of one text side by side, as the rows ("lanes") of a batch, so that
/// the weights are read once for all of them.
///
/// A lane cannot wait for the state in which its predecessor ends. It starts from a zero state,
/// warmed up on the tokens just before its stretch. Networks forget their initial state, a trained
/// LSTM within a few hundred tokens, until only rounding remains of the difference. Whether that
/// was so is checked afterwards, by the states that are returned (`BlockScorer`).
package struct ScoringLanes: ~Copyable {
  /// B
  package static let count = 16
  /// T
  private static let windowLength = 16

  private let weights: NetworkWeights
  private var forward: ForwardPass
  private let logits: LogitsBlock
  /// Of a window, [T B]: the tokens to read, the tokens that follow them, and the nats of the
  /// latter.
  private let inputs: AlignedBuffer<UInt16>
  private let targets: AlignedBuffer<UInt16>
  private let nats: AlignedBuffer<Double>

  package init(weights: NetworkWeights, processor: Processor) {
    self.weights = weights
    let rowCount = Self.windowLength * Self.count
    forward = ForwardPass(
      reading: weights, batchSize: Self.count, windowLength: Self.windowLength,
      processor: processor)
    logits = LogitsBlock(weights.configuration, rowCount: rowCount)
    inputs = AlignedBuffer(repeating: 0, count: rowCount)
    targets = AlignedBuffer(repeating: 0, count: rowCount)
    nats = AlignedBuffer(repeating: 0, count: rowCount)
  }

  /// Scores `count` stretches of equal length.
  /// - Parameters:
  ///   - text: the token before the first one to score, not yet read, and all tokens to score.
  ///     Without `state`, `warmUpLength` tokens precede it.
  ///   - length: the number of tokens in a stretch.
  ///   - warmUpLength: the number of tokens that a lane reads before its stretch, at most `length`.
  ///   - state: the state before `text` is read; nil if the first lane warms up, too.
  ///   - result: receives -log p of each token, [count x length].
  ///   - shouldStop: called after each window.
  /// - Returns: the states of each stretch; nil if `shouldStop` returned true.
  package mutating func score(
    _ text: UnsafePointer<UInt16>, length: Int, warmUpLength: Int, state: RecurrentState?,
    nats result: UnsafeMutablePointer<Double>, shouldStop: () -> Bool
  ) -> [StretchStates]? {
    precondition(warmUpLength <= length, "no lane can begin before the text")
    forward.resetState()
    let start = state == nil ? -warmUpLength : 0
    guard
      read(text, from: start, -warmUpLength..<0, length: length, shouldStop: shouldStop)
    else { return nil }
    if let state { forward.setState(ofRow: 0, to: state) }
    let begins = states
    var settled: [RecurrentState] = []
    for part in [0..<warmUpLength, warmUpLength..<length] {
      guard
        read(text, from: start, part, length: length, scoresInto: result, shouldStop: shouldStop)
      else { return nil }
      if settled.isEmpty { settled = states }
    }
    let ends = states
    return (0..<Self.count).map {
      StretchStates(begin: begins[$0], settled: settled[$0], end: ends[$0])
    }
  }

  /// The current state of each lane.
  private var states: [RecurrentState] {
    (0..<Self.count).map { lane in
      var state = RecurrentState(weights.configuration)
      forward.copyState(ofRow: lane, after: 0, into: &state)
      return state
    }
  }

  /// Reads `positions` of all stretches; negative positions are before the stretch.
  /// - Parameter start: the first position of the text that there is.
  /// - Returns: false if `shouldStop` returned true.
  private mutating func read(
    _ text: UnsafePointer<UInt16>, from start: Int, _ positions: Range<Int>, length: Int,
    scoresInto result: UnsafeMutablePointer<Double>? = nil, shouldStop: () -> Bool
  ) -> Bool {
    for position in stride(
      from: positions.lowerBound, to: positions.upperBound, by: Self.windowLength)
    {
      let stepCount = min(Self.windowLength, positions.upperBound - position)
      for step in 0..<stepCount {
        for lane in 0..<Self.count {
          // The first lane may have nothing to warm up on; its state is replaced afterwards.
          let source = max(start, lane * length + position + step)
          inputs.start[step * Self.count + lane] = text[source]
          targets.start[step * Self.count + lane] = text[source + 1]
        }
      }
      forward.run(inputs.start, stepCount: stepCount, weights: weights)
      if let result { score(stepCount: stepCount, into: result + position, length: length) }
      forward.carryState(stepCount: stepCount)
      if shouldStop() { return false }
    }
    return true
  }

  /// Scores the last window that was run.
  /// - Parameter result: where the nats of its first step in the first stretch belong.
  private func score(stepCount: Int, into result: UnsafeMutablePointer<Double>, length: Int) {
    let (processor, targets, nats) = (forward.processor, targets.start, nats.start)
    logits.forEach(of: 0..<stepCount * Self.count, in: forward, weights: weights) { rows, logits in
      processor.crossEntropy(
        logits, targets: targets + rows.lowerBound, nats: nats + rows.lowerBound)
    }
    for step in 0..<stepCount {
      for lane in 0..<Self.count {
        result[lane * length + step] = nats[step * Self.count + lane]
      }
    }
  }
}
