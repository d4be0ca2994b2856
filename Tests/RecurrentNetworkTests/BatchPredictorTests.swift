import Kernels
import RecurrentNetwork
import TestSupport
import Testing

@Suite struct BatchPredictorTests {
  @Test(arguments: TestedCell.all, InstructionSet.available)
  func everyTextGetsTheBitsItWouldGetAlone(cell: TestedCell, instructionSet: InstructionSet) {
    let configuration = PredictorTests.configuration(cell)
    let (textCount, stepCount) = (5, 6)
    let window = RandomWindow(
      configuration: configuration, stepCount: stepCount, batchSize: textCount)
    for precision in WeightPrecision.allCases {
      let weights = NetworkWeights(
        configuration: configuration, parameters: ParameterBuffer(copying: window.parameters),
        precision: precision, processor: Processor(instructionSet: instructionSet, threadCount: 1))
      for threadCount in [1, 3] {
        let processor = Processor(instructionSet: instructionSet, threadCount: threadCount)
        var predictor = Predictor(weights: weights, processor: processor)
        var start = RecurrentState(configuration)
        var logits: [Float] = []
        predictor.advance([3, 1, 4], state: &start, logits: &logits)
        var batch = BatchPredictor(
          weights: weights, states: Array(repeating: start, count: textCount),
          processor: processor)
        var states = Array(repeating: start, count: textCount)
        for step in 0..<stepCount {
          let tokens = Array(window.inputs[step * textCount..<(step + 1) * textCount])
          let rows = batch.advance(tokens)
          for text in 0..<textCount {
            predictor.advance([tokens[text]], state: &states[text], logits: &logits)
            #expect(
              logits == Array(UnsafeBufferPointer(start: rows.row(text), count: logits.count)))
          }
        }
      }
    }
  }

  /// Weights as at the beginning of training: errors of single sums do not grow from step to step.
  static let roundingTolerance = 0.02

  @Test(arguments: TestedCell.all, InstructionSet.available)
  func weightsOfEightBitsScoreAlmostTheSame(cell: TestedCell, instructionSet: InstructionSet) {
    for vocabularySize in [13, 3] {
      let configuration = cell.network(
        vocabularySize: vocabularySize, embeddingSize: 6, hiddenSize: 70, layerCount: 2)
      let window = RandomWindow(configuration: configuration, stepCount: 50, batchSize: 1)
      func nats(_ precision: WeightPrecision, threadCount: Int = 1) -> [Double] {
        let processor = Processor(instructionSet: instructionSet, threadCount: threadCount)
        let parameters = ParameterBuffer(configuration: configuration, seed: 1)
        // With gains of 1 an untrained RNN would be chaotic: rounding would grow with each step.
        for gain in parameters.layout.layers.compactMap(\.inputGain) {
          parameters.values(of: gain).update(repeating: 0.3)
        }
        var predictor = Predictor(
          weights: NetworkWeights(
            configuration: configuration, parameters: parameters, precision: precision,
            processor: processor),
          processor: processor)
        var state = RecurrentState(configuration)
        var previous = window.inputs[0]
        var nats: [Double] = []
        window.targets.withUnsafeBufferPointer {
          predictor.score($0, after: &previous, state: &state, nats: &nats)
        }
        return nats
      }
      let exact = nats(.float32)
      let rounded = nats(.int8)
      #expect(rounded != exact)
      #expect(
        zip(exact, rounded).allSatisfy { abs($0 - $1) < Self.roundingTolerance * max(1, $0) })
      #expect(nats(.int8, threadCount: 3) == rounded)
    }
  }
}
