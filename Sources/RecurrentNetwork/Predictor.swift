import Kernels

/// Runs a finished network along one text: next-token logits and the nats of given tokens.
///
/// ```swift
/// var predictor = Predictor(weights: weights, processor: Processor(threadCount: 1))
/// var state = RecurrentState(weights.configuration)
/// var logits: [Float] = []
/// predictor.advance([beginOfText], state: &state, logits: &logits)
/// ```
///
/// It owns only working memory: what is remembered of a text is in the `RecurrentState` that the caller
/// keeps. Tokens read one at a time and many at a time give the same bits.
public struct Predictor: ~Copyable {
  public let weights: NetworkWeights
  private var forward: ForwardPass
  private let logits: AlignedBuffer<Float>
  private let nats: AlignedBuffer<Double>
  private let inputs: AlignedBuffer<UInt16>

  /// - Parameter windowLength: the most tokens that are processed in one go.
  public init(weights: NetworkWeights, windowLength: Int = 256, processor: Processor) {
    precondition(windowLength >= 1, "a window has at least one token")
    self.weights = weights
    forward = ForwardPass(
      configuration: weights.configuration, batchSize: 1, maximumStepCount: windowLength,
      usesTokenTable: weights.packed.usesTokenTable, dropout: .none, processor: processor)
    let vocabularySize = weights.configuration.vocabularySize
    let logitRows = max(1, min(windowLength, Predictor.logitsLimit / vocabularySize))
    logits = AlignedBuffer(repeating: 0, count: logitRows * vocabularySize)
    nats = AlignedBuffer(repeating: 0, count: windowLength)
    inputs = AlignedBuffer(repeating: 0, count: windowLength)
  }

  /// The most floats a block of logits takes (1 MB), unless a single row takes more.
  private static let logitsLimit = 1 << 18

  /// Reads `tokens` (at least one, all below V), moves `state` behind them and fills `logits` with the V
  /// logits of the token that comes next.
  public mutating func advance(
    _ tokens: [UInt16], state: inout RecurrentState, logits result: inout [Float]
  ) {
    precondition(!tokens.isEmpty, "there must be a token to read")
    tokens.withUnsafeBufferPointer { tokens in
      var first = 0
      while first < tokens.count {
        let count = min(forward.maximumStepCount, tokens.count - first)
        run(tokens.baseAddress! + first, count: count, state: &state)
        first += count
        if first == tokens.count { computeLogits(count - 1..<count) }
      }
    }
    result.removeAll(keepingCapacity: true)
    result.append(
      contentsOf: UnsafeBufferPointer(
        start: logits.start, count: weights.configuration.vocabularySize))
  }

  /// Scores `tokens` in order: appends -log p(token | all before it) of each to `nats`.
  /// - Parameters:
  ///   - previous: the token before the first one, not yet read; becomes the last one of `tokens`.
  ///   - state: what was read before `previous`.
  ///   - visit: is given the logits by which successive tokens were scored, [some x V], valid during the call.
  public mutating func score(
    _ tokens: UnsafeBufferPointer<UInt16>, after previous: inout UInt16,
    state: inout RecurrentState, nats result: inout [Double],
    visitingLogits visit: (MatrixView) -> Void = { _ in }
  ) {
    var first = 0
    while first < tokens.count {
      let count = min(forward.maximumStepCount, tokens.count - first)
      let targets = tokens.baseAddress! + first
      inputs.start[0] = previous
      (inputs.start + 1).update(from: targets, count: count - 1)
      previous = targets[count - 1]
      run(inputs.start, count: count, state: &state)
      scoreTargets(targets, count: count, visit)
      result.append(contentsOf: UnsafeBufferPointer(start: nats.start, count: count))
      first += count
    }
  }

  private mutating func run(
    _ tokens: UnsafePointer<UInt16>, count: Int, state: inout RecurrentState
  ) {
    exchange(state: &state, stepCount: 0) { memory, value, count in
      memory.update(from: value, count: count)
    }
    forward.run(
      tokens, stepCount: count,
      embedding: weights.parameters.matrix(weights.parameters.layout.embedding),
      weights: weights.packed)
    exchange(state: &state, stepCount: count) { memory, value, count in
      value.update(from: memory, count: count)
    }
  }

  /// Pairs each state vector in the pass's memory after `stepCount` steps with its place in `state`.
  private func exchange(
    state: inout RecurrentState, stepCount: Int,
    _ move: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    let hiddenSize = weights.configuration.hiddenSize
    state.values.withUnsafeMutableBufferPointer { values in
      var place = values.baseAddress!
      for layer in 0..<weights.configuration.layerCount {
        for vector in forward.layer(layer).state(after: stepCount) {
          move(vector.start, place, hiddenSize)
          place += hiddenSize
        }
      }
    }
  }

  private func scoreTargets(
    _ targets: UnsafePointer<UInt16>, count: Int, _ visit: (MatrixView) -> Void
  ) {
    let kernels = forward.processor.kernels
    let blockRows = logits.count / weights.configuration.vocabularySize
    var first = 0
    while first < count {
      let block = first..<min(count, first + blockRows)
      let rows = computeLogits(block)
      let nats = nats.start
      forward.processor.team.forEachRange(of: block.count) { range, _ in
        let start = block.lowerBound + range.lowerBound
        kernels.crossEntropy(rows.rows(range), targets: targets + start, nats: nats + start)
      }
      visit(rows)
      first = block.upperBound
    }
  }

  /// The logits after the steps `steps` of the window that was run last, [steps x V].
  @discardableResult
  private func computeLogits(_ steps: Range<Int>) -> MatrixView {
    let configuration = weights.configuration
    let rows = MatrixView(
      start: logits.start, rowCount: steps.count, columnCount: configuration.vocabularySize)
    let hidden = forward.output(of: configuration.layerCount - 1, stepCount: steps.upperBound)
    forward.computeLogits(
      hidden.rows(steps), bias: weights.parameters.matrix(weights.parameters.layout.outputBias),
      weights: weights.packed, into: rows)
    return rows
  }
}
