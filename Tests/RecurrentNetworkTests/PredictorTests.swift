import Foundation
import Kernels
import RecurrentNetwork
import TestSupport
import Testing

@Suite struct PredictorTests {
  static func weights(
    _ window: borrowing RandomWindow, _ instructionSet: InstructionSet = .best
  ) -> NetworkWeights {
    NetworkWeights(
      configuration: window.configuration,
      parameters: ParameterBuffer(copying: window.parameters),
      processor: Processor(instructionSet: instructionSet, threadCount: 1))
  }

  static func configuration(_ cell: TestedCell) -> NetworkConfiguration {
    cell.network(vocabularySize: 13, embeddingSize: 6, hiddenSize: 21, layerCount: 2)
  }

  @Test(arguments: TestedCell.all, InstructionSet.available)
  func scoresEqualTheTwinAndOneTokenAtATime(cell: TestedCell, instructionSet: InstructionSet) {
    let configuration = Self.configuration(cell)
    let window = RandomWindow(configuration: configuration, stepCount: 40, batchSize: 1)
    let weights = Self.weights(window, instructionSet)
    let processor = Processor(instructionSet: instructionSet, threadCount: 1)
    func nats(windowLength: Int, pieces: [Range<Int>], threadCount: Int = 1) -> [Double] {
      var predictor = Predictor(
        weights: weights, windowLength: windowLength,
        processor: Processor(instructionSet: instructionSet, threadCount: threadCount))
      var state = RecurrentState(configuration)
      var previous = window.inputs[0]
      var nats: [Double] = []
      for piece in pieces {
        Array(window.targets[piece]).withUnsafeBufferPointer {
          predictor.score($0, after: &previous, state: &state, nats: &nats)
        }
      }
      return nats
    }
    let whole = nats(windowLength: 256, pieces: [0..<40])
    #expect(nats(windowLength: 7, pieces: [0..<40]) == whole)
    #expect(nats(windowLength: 16, pieces: [0..<1, 1..<18, 18..<18, 18..<40]) == whole)
    #expect(nats(windowLength: 256, pieces: [0..<40], threadCount: 3) == whole)

    // advance() and a softmax in double precision over its logits.
    var predictor = Predictor(weights: weights, processor: processor)
    var state = RecurrentState(configuration)
    var logits: [Float] = []
    var previous = window.inputs[0]
    for (target, expected) in zip(window.targets, whole) {
      predictor.advance([previous], state: &state, logits: &logits)
      #expect(abs(negativeLogProbability(of: Int(target), logits) - expected) < 1e-5)
      previous = target
    }

    let twin = window.twin
    var twinState = twin.zeroState(batchSize: 1)
    let inputs = [Int(window.inputs[0])] + window.targets.dropLast().map(Int.init)
    let expected = twin.nats(
      inputs: inputs.map { [$0] }, targets: window.targets.map { [Int($0)] }, state: &twinState)
    #expect(relativeError(whole, Array(expected.joined())) < GradientTests.twinTolerance)
  }

  @Test(arguments: TestedCell.all)
  func aPromptReadAtOnceEqualsOneReadTokenByToken(cell: TestedCell) {
    let configuration = Self.configuration(cell)
    let window = RandomWindow(configuration: configuration, stepCount: 30, batchSize: 1)
    let weights = Self.weights(window)
    var predictor = Predictor(
      weights: weights, windowLength: 8, processor: Processor(threadCount: 1))
    var (state, other) = (RecurrentState(configuration), RecurrentState(configuration))
    var (logits, otherLogits): ([Float], [Float]) = ([], [])
    predictor.advance(window.inputs, state: &state, logits: &logits)
    for token in window.inputs {
      predictor.advance([token], state: &other, logits: &otherLogits)
    }
    #expect(logits == otherLogits)
    #expect(logits.count == 13)
    #expect(state == other)
    #expect(state != RecurrentState(configuration))
  }

  @Test(arguments: TestedCell.all)
  func aStateCanBeReturnedTo(cell: TestedCell) {
    let configuration = Self.configuration(cell)
    let window = RandomWindow(configuration: configuration, stepCount: 3, batchSize: 1)
    let weights = Self.weights(window)
    var predictor = Predictor(weights: weights, processor: Processor(threadCount: 1))
    var state = RecurrentState(configuration)
    var (first, second): ([Float], [Float]) = ([], [])
    predictor.advance([1, 2, 3], state: &state, logits: &first)
    let kept = state
    predictor.advance([4], state: &state, logits: &first)
    predictor.advance([5, 6], state: &state, logits: &second)
    state = kept
    predictor.advance([4], state: &state, logits: &second)
    #expect(first == second)
  }

  @Test(arguments: TestedCell.all.filter { $0.kind != .rnn })
  func aVocabularyTooLargeForATokenTableGivesTheSameBits(cell: TestedCell) {
    // G H V above the limit of the table, so that rows are multiplied instead.
    let configuration = cell.network(
      vocabularySize: 65_536, embeddingSize: 2, hiddenSize: 257 / cell.kind.gateCount + 1,
      layerCount: 1)
    let window = RandomWindow(configuration: configuration, stepCount: 4, batchSize: 1)
    let weights = Self.weights(window)
    var predictor = Predictor(weights: weights, processor: Processor(threadCount: 1))
    var state = RecurrentState(configuration)
    var logits: [Float] = []
    predictor.advance(window.inputs, state: &state, logits: &logits)
    let twin = window.twin
    var twinState = twin.zeroState(batchSize: 1)
    _ = twin.nats(inputs: window.twinInputs, targets: window.twinTargets, state: &twinState)
    let expected = twin.logits(twinState[0][0].hidden)
    #expect(relativeError(logits.map(Double.init), expected) < GradientTests.twinTolerance)
  }
}

/// -log softmax in double precision.
func negativeLogProbability(of target: Int, _ logits: [Float]) -> Double {
  let logits = logits.map(Double.init)
  let top = logits.max()!
  return log(logits.reduce(0) { $0 + exp($1 - top) }) + top - logits[target]
}
