import Kernels
import RecurrentNetwork
import TestSupport
import Testing

@Suite struct TextBatchScorerTests {
  /// More texts than rows, of very different lengths, some of them empty.
  private static func texts(vocabularySize: Int) -> [[UInt16]] {
    var stream = RandomStream(seed: 5)
    return (0..<150).map { number in
      let length = number == 70 ? 200 : Int.random(in: 0...12, using: &stream)
      return (0..<length).map { _ in UInt16.random(in: 0..<UInt16(vocabularySize), using: &stream) }
    }
  }

  @Test(arguments: TestedCell.all, InstructionSet.available)
  func everyTextGetsTheBitsItWouldGetAlone(cell: TestedCell, instructionSet: InstructionSet) {
    let configuration = PredictorTests.configuration(cell)
    let texts = Self.texts(vocabularySize: configuration.vocabularySize)
    for precision in WeightPrecision.allCases {
      let weights = NetworkWeights(
        configuration: configuration,
        parameters: ParameterBuffer(configuration: configuration, seed: 2), precision: precision,
        processor: Processor(instructionSet: instructionSet, threadCount: 1))
      for threadCount in [1, 3] {
        let processor = Processor(instructionSet: instructionSet, threadCount: threadCount)
        var predictor = Predictor(weights: weights, processor: processor)
        let expected = texts.map { text in
          var (previous, state, nats) = (UInt16(1), RecurrentState(configuration), [Double]())
          text.withUnsafeBufferPointer {
            predictor.score($0, after: &previous, state: &state, nats: &nats)
          }
          return nats
        }
        let scorer = TextBatchScorer(weights: weights, processor: processor)
        #expect(scorer.score(texts, after: 1) == expected)
        #expect(scorer.score([texts[70]], after: 1) == [expected[70]])
      }
    }
  }

  @Test func aScoringCanBeStopped() {
    let configuration = PredictorTests.configuration(TestedCell.all[0])
    let processor = Processor(threadCount: 1)
    let weights = NetworkWeights(
      configuration: configuration,
      parameters: ParameterBuffer(configuration: configuration, seed: 2), processor: processor)
    let scorer = TextBatchScorer(weights: weights, processor: processor)
    let texts = Self.texts(vocabularySize: configuration.vocabularySize)
    #expect(scorer.score(texts, after: 1, shouldStop: { true }) == nil)
    #expect(scorer.score([], after: 1) == [])
    #expect(scorer.score([[]], after: 1) == [[]])
  }
}
