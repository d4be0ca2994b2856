import Kernels

/// Runs a trained network along one text: the logits of the next token, or the nats of given
/// tokens.
///
/// ```swift
/// import Kernels
/// import RecurrentNetwork
///
/// var predictor = Predictor(weights: weights, processor: Processor(threadCount: 1))
/// var state = RecurrentState(weights.configuration)
/// var logits: [Float] = []
/// predictor.advance([beginOfText], state: &state, logits: &logits)
/// ```
///
/// It owns only a workspace: the state of a text is in the `RecurrentState` that the caller keeps.
/// Reading tokens one at a time or many at a time gives the same bits.
public struct Predictor: ~Copyable {
  /// The weights of the network.
  public let weights: NetworkWeights
  private var forward: ForwardPass
  private let logits: LogitsBlock
  private let nats: AlignedBuffer<Double>
  private let inputs: AlignedBuffer<UInt16>

  /// - Parameters:
  ///   - weights: the network.
  ///   - windowLength: the maximum number of tokens processed at once.
  ///   - processor: the instruction set and the threads to compute with.
  public init(weights: NetworkWeights, windowLength: Int = 256, processor: Processor) {
    precondition(windowLength >= 1, "a window has at least one token")
    self.weights = weights
    forward = ForwardPass(
      reading: weights, batchSize: 1, windowLength: windowLength, processor: processor)
    logits = LogitsBlock(weights.configuration, rowCount: windowLength)
    nats = AlignedBuffer(repeating: 0, count: windowLength)
    inputs = AlignedBuffer(repeating: 0, count: windowLength)
  }

  /// Reads `tokens` (at least one, all below V), advances `state`, and fills `logits` with the V
  /// logits of the next token.
  public mutating func advance(
    _ tokens: [UInt16], state: inout RecurrentState, logits result: inout [Float]
  ) {
    precondition(!tokens.isEmpty, "there must be a token to read")
    result.removeAll(keepingCapacity: true)
    tokens.withUnsafeBufferPointer { tokens in
      var first = 0
      while first < tokens.count {
        let count = min(forward.windowLength, tokens.count - first)
        run(tokens.baseAddress! + first, count: count, state: &state)
        first += count
        guard first == tokens.count else { continue }
        logits.forEach(of: count - 1..<count, in: forward, weights: weights) { _, logits in
          result.append(
            contentsOf: UnsafeBufferPointer(start: logits.row(0), count: logits.columnCount))
        }
      }
    }
  }

  /// Scores `tokens` in order: appends -log p(token | all before it) of each to `nats`.
  /// - Parameters:
  ///   - tokens: token ids, all below V.
  ///   - previous: the token before the first one, not yet read; becomes the last one of `tokens`.
  ///   - state: the state before `previous` is read; advanced to before the last one of `tokens`.
  ///   - result: receives a number for each token.
  ///   - visit: receives the logits by which successive tokens were scored, [rows x V], valid
  ///     during the call.
  public mutating func score(
    _ tokens: UnsafeBufferPointer<UInt16>, after previous: inout UInt16,
    state: inout RecurrentState, nats result: inout [Double],
    visitingLogits visit: (MatrixView) -> Void = { _ in }
  ) {
    let processor = forward.processor
    let nats = nats.start
    forEachBlock(tokens, after: &previous, state: &state) { first, logits in
      processor.crossEntropy(logits, targets: tokens.baseAddress! + first, nats: nats)
      result.append(contentsOf: UnsafeBufferPointer(start: nats, count: logits.rowCount))
      visit(logits)
    }
  }

  /// Reads `tokens` as `score` does.
  /// - Parameter body: receives the position of each token and the V logits that predict it.
  package mutating func forEachLogits(
    _ tokens: UnsafeBufferPointer<UInt16>, after previous: inout UInt16,
    state: inout RecurrentState,
    _ body: (_ position: Int, _ logits: UnsafeBufferPointer<Float>) throws -> Void
  ) rethrows {
    try forEachBlock(tokens, after: &previous, state: &state) { first, logits in
      for row in 0..<logits.rowCount {
        try body(
          first + row, UnsafeBufferPointer(start: logits.row(row), count: logits.columnCount))
      }
    }
  }

  /// Calls `body` with blocks of logits, [rows x V]; each row predicts the token at `first + row`.
  private mutating func forEachBlock(
    _ tokens: UnsafeBufferPointer<UInt16>, after previous: inout UInt16,
    state: inout RecurrentState, _ body: (_ first: Int, _ logits: MatrixView) throws -> Void
  ) rethrows {
    var first = 0
    while first < tokens.count {
      let count = runWindow(tokens, from: first, after: &previous, state: &state)
      try logits.forEach(of: 0..<count, in: forward, weights: weights) { rows, logits in
        try body(first + rows.lowerBound, logits)
      }
      first += count
    }
  }

  /// Reads `previous` and all tokens of the window that begins at `first`, except its last one.
  /// - Returns: the number of tokens in the window.
  private mutating func runWindow(
    _ tokens: UnsafeBufferPointer<UInt16>, from first: Int, after previous: inout UInt16,
    state: inout RecurrentState
  ) -> Int {
    let count = min(forward.windowLength, tokens.count - first)
    let targets = tokens.baseAddress! + first
    inputs.start[0] = previous
    (inputs.start + 1).update(from: targets, count: count - 1)
    previous = targets[count - 1]
    run(inputs.start, count: count, state: &state)
    return count
  }

  private mutating func run(
    _ tokens: UnsafePointer<UInt16>, count: Int, state: inout RecurrentState
  ) {
    forward.setState(ofRow: 0, to: state)
    forward.run(tokens, stepCount: count, weights: weights)
    forward.copyState(ofRow: 0, after: count, into: &state)
  }
}
