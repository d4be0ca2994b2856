import Kernels

/// Successive stretches of one text, read side by side as the rows ("lanes") of a batch, so that weights are read
/// once for all of them.
///
/// A lane cannot wait for the state that the one before it ends in. It begins with what the text just before its
/// stretch leaves of a zero state, and whether that is the right state is looked at in the end: networks forget
/// what they began with, a trained LSTM within some hundred tokens, until only rounding is left of it.
package struct ScoringLanes: ~Copyable {
  /// B
  package static let count = 16
  /// T
  private static let windowLength = 16

  private let weights: NetworkWeights
  private var forward: ForwardPass
  private let logits: LogitsBlock
  /// Of a window, [T B]: tokens to read, those that follow them, and what these cost.
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

  /// Scores `count` stretches of the same length, of which the first begins in `state`, and finds those that
  /// began in the state in which the one before them ended (`RecurrentState.agrees`).
  /// - Parameters:
  ///   - text: the token before the first to score, not yet read, and all to score.
  ///   - length: of a stretch.
  ///   - warmUpLength: how many tokens before its stretch a lane reads first, at most `length`.
  ///   - state: what was read before `text`; becomes what was read before the last token of the stretches found.
  ///   - result: is given -log p of each token, [count x length]; what lies behind the stretches found says nothing.
  ///   - shouldStop: is asked after each window.
  /// - Returns: how many stretches from the first on were found, at least 1; nil where it was told to stop.
  package mutating func score(
    _ text: UnsafePointer<UInt16>, length: Int, warmUpLength: Int, state: inout RecurrentState,
    nats result: UnsafeMutablePointer<Double>, shouldStop: () -> Bool
  ) -> Int? {
    precondition(warmUpLength <= length, "no lane can begin before the text")
    forward.resetState()
    guard read(text, -warmUpLength..<0, length: length, shouldStop: shouldStop) else { return nil }
    forward.setState(ofRow: 0, to: state)
    let begins = states
    guard
      read(text, 0..<length, length: length, scoresInto: result, shouldStop: shouldStop)
    else { return nil }
    let ends = states
    var found = 1
    while found < Self.count, begins[found].agrees(with: ends[found - 1]) { found += 1 }
    state = ends[found - 1]
    return found
  }

  /// What each lane remembers now.
  private var states: [RecurrentState] {
    (0..<Self.count).map { lane in
      var state = RecurrentState(weights.configuration)
      forward.copyState(ofRow: lane, after: 0, into: &state)
      return state
    }
  }

  /// Lets all lanes read the places `places` of their stretches, negative ones before it.
  /// - Returns: false where it was told to stop.
  private mutating func read(
    _ text: UnsafePointer<UInt16>, _ places: Range<Int>, length: Int,
    scoresInto result: UnsafeMutablePointer<Double>? = nil, shouldStop: () -> Bool
  ) -> Bool {
    for place in stride(from: places.lowerBound, to: places.upperBound, by: Self.windowLength) {
      let stepCount = min(Self.windowLength, places.upperBound - place)
      for step in 0..<stepCount {
        for lane in 0..<Self.count {
          // The first lane has nothing to warm up with; whatever it reads then is forgotten.
          let source = max(0, lane * length + place + step)
          inputs.start[step * Self.count + lane] = text[source]
          targets.start[step * Self.count + lane] = text[source + 1]
        }
      }
      forward.run(inputs.start, stepCount: stepCount, weights: weights)
      if let result { score(stepCount: stepCount, into: result + place, length: length) }
      forward.carryState(stepCount: stepCount)
      if shouldStop() { return false }
    }
    return true
  }

  /// Scores the window that was run last.
  /// - Parameter result: of its first step, in the first stretch.
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
