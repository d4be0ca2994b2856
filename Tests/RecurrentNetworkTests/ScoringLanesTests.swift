import Kernels
import RecurrentNetwork
import TestSupport
import Testing

@Suite struct TextLanesTests {
  /// How many stretches of 700 tokens, warmed up on the 600 before, were found to start right; with
  /// the final state and that of one pass over as much of the text.
  private func run(
    _ weights: NetworkWeights
  ) -> (found: Int, state: RecurrentState, expected: RecurrentState) {
    let text = TextScorerTests.text(700 * ScoringLanes.count + 1)
    var lanes = ScoringLanes(weights: weights, processor: Processor(threadCount: 2))
    let zero = RecurrentState(weights.configuration)
    var nats = [Double](repeating: 0, count: text.count - 1)
    let accepted = text.withUnsafeBufferPointer { text in
      nats.withUnsafeMutableBufferPointer { nats in
        lanes.score(
          text.baseAddress!, length: 700, warmUpLength: 600, state: zero,
          nats: nats.baseAddress!, shouldStop: { false })
      }
    }
    var predictor = Predictor(weights: weights, processor: Processor(threadCount: 1))
    var expected = zero
    var logits: [Float] = []
    let count = accepted?.count ?? 0
    predictor.advance(Array(text.prefix(700 * count)), state: &expected, logits: &logits)
    return (count, accepted?.end ?? zero, expected)
  }

  @Test(arguments: TestedCell.all)
  func allLanesOfANetworkThatForgetsAreFound(cell: TestedCell) {
    let weights = TextScorerTests.weights(cell, scale: TextScorerTests.forgettingScale)
    let (found, state, expected) = run(weights)
    #expect(found == ScoringLanes.count)
    #expect(state.agrees(with: expected))
  }

  @Test func onlyTheFirstLaneOfANetworkThatKeepsAllIsFound() {
    let (found, state, expected) = run(TextScorerTests.rememberingWeights(forgetBias: 40))
    #expect(found == 1)
    #expect(state == expected)
  }

  @Test func aStateThatIsNoNumberAgreesWithNothing() {
    let weights = TextScorerTests.weights(TestedCell.all[0], scale: .nan)
    #expect(run(weights).found == 1)
  }
}
