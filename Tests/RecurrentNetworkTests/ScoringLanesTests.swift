import Kernels
import RecurrentNetwork
import TestSupport
import Testing

@Suite struct TextLanesTests {
  /// What was found of stretches of 700 tokens, warmed up on the 600 before; the error of their nats
  /// and the state after one pass over as much of the text.
  private func run(
    _ weights: NetworkWeights
  ) -> (accepted: BlockScorer.Accepted, error: Double, expected: RecurrentState)? {
    let text = TextScorerTests.text(700 * ScoringLanes.count + 1)
    let scorer = BlockScorer(weights: weights, processor: Processor(threadCount: 2))
    let zero = RecurrentState(weights.configuration)
    var nats: [Double] = []
    let accepted = text.withUnsafeBufferPointer { text in
      scorer.scoreInLanes(
        text.baseAddress!, length: 700, warmUpLength: 600, state: zero, nats: &nats,
        shouldStop: { false })
    }
    guard let accepted else { return nil }
    var predictor = Predictor(weights: weights, processor: Processor(threadCount: 1))
    var expected = zero
    var previous = text[0]
    var inOrder: [Double] = []
    text[1..<1 + nats.count].withUnsafeBufferPointer {
      predictor.score($0, after: &previous, state: &expected, nats: &inOrder)
    }
    return (accepted, relativeError(nats, inOrder), expected)
  }

  @Test(arguments: TestedCell.all)
  func allLanesOfANetworkThatForgetsAreFound(cell: TestedCell) throws {
    let weights = TextScorerTests.weights(cell, scale: TextScorerTests.forgettingScale)
    let (accepted, error, expected) = try #require(run(weights))
    #expect(accepted.count == ScoringLanes.count)
    #expect(accepted.correctedCount == 0)
    #expect(error < 1e-5)
    #expect(accepted.states.end.agrees(with: expected))
  }

  /// This network needs more than 600 tokens to forget its first state, and fewer than 1,200.
  @Test func lanesThatWarmedUpTooShortlyAreCorrected() throws {
    let (accepted, error, expected) = try #require(
      run(TextScorerTests.rememberingWeights(forgetBias: 3)))
    #expect(accepted.count == ScoringLanes.count)
    #expect(accepted.correctedCount == ScoringLanes.count - 1)
    #expect(error < 1e-5)
    #expect(accepted.states.end.agrees(with: expected))
  }

  @Test func onlyTheFirstLaneOfANetworkThatKeepsAllIsFound() throws {
    let (accepted, error, expected) = try #require(
      run(TextScorerTests.rememberingWeights(forgetBias: 40)))
    #expect(accepted.count == 1)
    #expect(error < 1e-5)
    #expect(accepted.states.end == expected)
  }

  @Test func aStateThatIsNoNumberAgreesWithNothing() throws {
    let weights = TextScorerTests.weights(TestedCell.all[0], scale: .nan)
    #expect(try #require(run(weights)).accepted.count == 1)
  }
}
