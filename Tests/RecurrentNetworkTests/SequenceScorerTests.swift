import Kernels
import RecurrentNetwork
import TestSupport
import Testing

@Suite struct TextScorerTests {
  /// Networks that forget their first state, or not: the factor of the weights of `RandomWindow`.
  static let forgettingScale: Float = 0.3
  static let chaoticScale: Float = 3

  static func weights(
    _ cell: TestedCell, scale: Float, precision: WeightPrecision = .float32,
    _ change: (borrowing ParameterBuffer) -> Void = { _ in }
  ) -> NetworkWeights {
    let configuration = cell.network(
      vocabularySize: 13, embeddingSize: 6, hiddenSize: 21, layerCount: 2)
    let window = RandomWindow(configuration: configuration, stepCount: 1, batchSize: 1)
    let parameters = ParameterBuffer(copying: window.parameters)
    for index in 0..<parameters.count { parameters.start[index] *= scale }
    change(parameters)
    return NetworkWeights(
      configuration: configuration, parameters: parameters, precision: precision,
      processor: Processor(threadCount: 1))
  }

  /// An LSTM whose cells keep sigmoid(`forgetBias`) of their state at each step, whatever they
  /// read.
  static func rememberingWeights(forgetBias: Float) -> NetworkWeights {
    weights(TestedCell(kind: .lstm, activation: nil), scale: forgettingScale) { parameters in
      for layer in parameters.layout.layers {
        for tensor in [layer.inputWeight, layer.recurrentWeight] {
          fillForgetGate(of: tensor, in: parameters, with: 0)
        }
        for tensor in [layer.inputBias, layer.recurrentBias] {
          fillForgetGate(of: tensor, in: parameters, with: forgetBias / 2)
        }
      }
    }
  }

  /// The gate is the second of four.
  private static func fillForgetGate(
    of tensor: ParameterLayout.Tensor, in parameters: borrowing ParameterBuffer,
    with value: Float
  ) {
    let count = tensor.shape.reduce(1, *) / 4
    (parameters.start + tensor.offset + count).update(repeating: value, count: count)
  }

  static func text(_ count: Int) -> [UInt16] {
    var stream = RandomStream(seed: 5)
    return (0..<count).map { _ in UInt16(Int.random(in: 0..<13, using: &stream)) }
  }

  /// One pass over the text.
  static func natsInOrder(_ weights: NetworkWeights, _ text: [UInt16]) -> [Double] {
    var predictor = Predictor(weights: weights, processor: Processor(threadCount: 2))
    var state = RecurrentState(weights.configuration)
    var previous: UInt16 = 0
    var nats: [Double] = []
    text.withUnsafeBufferPointer {
      predictor.score($0, after: &previous, state: &state, nats: &nats)
    }
    return nats
  }

  /// - Parameter pieceLengths: the lengths of the pieces of the text, repeated as needed.
  static func nats(
    _ weights: NetworkWeights, _ text: [UInt16], pieceLengths: [Int] = [1 << 20],
    threadCount: Int = 2
  ) -> [Double] {
    var scorer = SequenceScorer(weights: weights, processor: Processor(threadCount: threadCount))
    return nats(&scorer, text, pieceLengths: pieceLengths)
  }

  static func nats(
    _ scorer: inout SequenceScorer, _ text: [UInt16], pieceLengths: [Int] = [1 << 20]
  ) -> [Double] {
    var nats: [Double] = []
    var first = 0
    var piece = 0
    scorer.beginText(after: 0)
    while first < text.count {
      let end = min(text.count, first + pieceLengths[piece % pieceLengths.count])
      text[first..<end].withUnsafeBufferPointer { _ = scorer.append($0, nats: &nats) }
      (first, piece) = (end, piece + 1)
    }
    scorer.endText(nats: &nats)
    return nats
  }

  @Test(arguments: TestedCell.all)
  func aTextReadInLanesCostsWhatItDoesInOrder(cell: TestedCell) {
    let weights = Self.weights(cell, scale: Self.forgettingScale)
    let text = Self.text(30_011)
    #expect(relativeError(Self.nats(weights, text), Self.natsInOrder(weights, text)) < 1e-5)
  }

  @Test func theBitsDependNotOnThreadsPiecesOrEarlierTexts() {
    let weights = Self.weights(TestedCell.all[0], scale: Self.forgettingScale)
    let text = Self.text(150_003)  // more than is waited for
    let whole = Self.nats(weights, text)
    #expect(whole.count == text.count)
    #expect(Self.nats(weights, text, threadCount: 1) == whole)
    #expect(Self.nats(weights, text, pieceLengths: [1, 9_999, 0, 131_072]) == whole)
    var scorer = SequenceScorer(weights: weights, processor: Processor(threadCount: 2))
    for _ in 0..<2 { #expect(Self.nats(&scorer, text) == whole) }
  }

  /// Normalized sums cannot grow, so such a network forgets.
  @Test(
    arguments: TestedCell.all.filter {
      $0.activation != .sigmoid && $0.activation != .relu && $0.normalizationGroups == nil
    })
  func aNetworkThatDoesNotForgetReadsInOrder(cell: TestedCell) {
    let weights = Self.weights(cell, scale: Self.chaoticScale)
    let text = Self.text(60_000)
    #expect(Self.nats(weights, text) == Self.natsInOrder(weights, text))
  }

  @Test func aCellThatKeepsAllReadsInOrder() {
    let weights = Self.rememberingWeights(forgetBias: 40)
    let text = Self.text(60_000)
    #expect(Self.nats(weights, text) == Self.natsInOrder(weights, text))
  }

  @Test func lanesBeginEarlierWhereANetworkForgetsSlowly() {
    let weights = Self.rememberingWeights(forgetBias: 4)
    let text = Self.text(120_000)
    let nats = Self.nats(weights, text)
    let inOrder = Self.natsInOrder(weights, text)
    #expect(nats != inOrder, "no lane was kept")
    #expect(relativeError(nats, inOrder) < 1e-5)
  }

  @Test func weightsOf8BitsReadInOrder() {
    let weights = Self.weights(
      TestedCell.all[0], scale: Self.forgettingScale, precision: .int8)
    let text = Self.text(20_000)
    #expect(Self.nats(weights, text) == Self.natsInOrder(weights, text))
  }

  @Test func aShortTextIsReadInOrder() {
    let weights = Self.weights(TestedCell.all[0], scale: Self.forgettingScale)
    let text = Self.text(8_191)
    #expect(Self.nats(weights, text) == Self.natsInOrder(weights, text))
  }

  @Test func whoStopsCanBeginAnew() {
    let weights = Self.weights(TestedCell.all[0], scale: Self.forgettingScale)
    let text = Self.text(20_000)
    var scorer = SequenceScorer(weights: weights, processor: Processor(threadCount: 2))
    var nats: [Double] = []
    var questions = 0
    scorer.beginText(after: 0)
    text.withUnsafeBufferPointer { _ = scorer.append($0, nats: &nats) }
    let isWhole = scorer.endText(nats: &nats) {
      questions += 1
      return questions == 50
    }
    #expect(!isWhole)
    #expect(questions == 50)
    #expect(Self.nats(&scorer, text) == Self.nats(weights, text))
  }

  @Test func visitedLogitsAreThoseOfTheTokensInOrder() {
    let weights = Self.weights(TestedCell.all[0], scale: Self.forgettingScale)
    let text = Self.text(9_000)
    var scorer = SequenceScorer(weights: weights, processor: Processor(threadCount: 2))
    var nats: [Double] = []
    var expected: [Double] = []
    scorer.beginText(after: 0, visitsLogits: true)
    text.withUnsafeBufferPointer { text in
      _ = scorer.append(
        text, nats: &nats,
        visitingLogits: { logits in
          for row in 0..<logits.rowCount {
            let values = Array(UnsafeBufferPointer(start: logits.row(row), count: 13))
            expected.append(negativeLogProbability(of: Int(text[expected.count]), values))
          }
        })
    }
    #expect(nats.count == text.count)
    #expect(relativeError(nats, expected) < 1e-5)
  }
}
