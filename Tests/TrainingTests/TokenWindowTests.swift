import Testing
import Tokenization
import Training

@Suite struct TokenWindowTests {
  @Test func theTailIsTheShareRoundedUp() {
    // 1,115,394 characters and the beginning of the text.
    let split = TokenSplit(tokenCount: 1_115_395, validationFraction: 0.1)
    #expect(split.validation.count == 111_540)
    #expect(split.training == TokenPositions(1..<1_003_855))
    #expect(split.validation == TokenPositions(1_003_855..<1_115_395))
  }

  @Test func aShortTextHasNoTail() {
    let shortest = TokenSplit(tokenCount: 161, validationFraction: 0.1)
    #expect(shortest.validation == TokenPositions(145..<161))
    let split = TokenSplit(tokenCount: 151, validationFraction: 0.1)
    #expect(split.validation.isEmpty)
    #expect(split.training == TokenPositions(1..<151))
    #expect(TokenSplit(tokenCount: 1_000, validationFraction: 0).validation.isEmpty)
    #expect(TokenSplit(tokenCount: 0, validationFraction: 0.1).training.isEmpty)
  }

  @Test func aSmallTextShrinksTheBatchThenTheWindow() {
    let asked = BatchShape(batchSize: 32, windowLength: 64)
    #expect(asked.fitted(tokenCount: 100_000) == asked)
    #expect(asked.fitted(tokenCount: 2_048) == asked)
    #expect(
      asked.fitted(tokenCount: 2_047) == BatchShape(batchSize: 31, windowLength: 64))
    #expect(asked.fitted(tokenCount: 64) == BatchShape(batchSize: 1, windowLength: 64))
    #expect(asked.fitted(tokenCount: 5) == BatchShape(batchSize: 1, windowLength: 5))
  }

  @Test(arguments: [(100, 7, 4), (64, 8, 8), (23, 1, 5), (12, 5, 9)])
  func anEpochPredictsEachTokenOfEachLaneOnceFromTheOneBefore(
    tokenCount: Int, batchSize: Int, windowLength: Int
  ) {
    // Token ids equal their positions.
    let ids = (0...tokenCount).map { TokenID($0) }
    var windows = TokenWindows(
      TokenFile(ids), positions: TokenPositions(1..<tokenCount + 1), batchSize: batchSize,
      windowLength: windowLength)
    let laneLength = tokenCount / batchSize
    for epoch in 0..<2 {
      var lanes = Array(repeating: [TokenID](), count: batchSize)
      for _ in 0..<windows.windowsPerEpoch {
        let isAtStart = windows.isAtStartOfEpoch
        #expect(isAtStart == lanes[0].isEmpty)
        let window = windows.next()
        #expect(window.stepCount <= windowLength)
        for step in 0..<window.stepCount {
          for lane in 0..<batchSize {
            let target = window.targets[step * batchSize + lane]
            let input = window.inputs[step * batchSize + lane]
            #expect(input == target - 1)
            lanes[lane].append(target)
          }
        }
      }
      let (isAtStart, epochs) = (windows.isAtStartOfEpoch, windows.epochs)
      #expect(isAtStart)
      #expect(epochs == Double(epoch + 1))
      for (lane, found) in lanes.enumerated() {
        let first = 1 + lane * laneLength
        #expect(found == (first..<first + laneLength).map { TokenID($0) })
      }
    }
  }

  /// Token ids equal their positions.
  private func windowsFromAnywhere(_ seed: UInt64) -> TokenWindows {
    TokenWindows(
      TokenFile((0...100).map { TokenID($0) }), positions: TokenPositions(1..<101), batchSize: 7,
      windowLength: 4, offsetSeed: seed)
  }

  @Test func fromAnywhereAnEpochStillPredictsNoTokenTwiceAndEachFromTheOneBefore() {
    var windows = windowsFromAnywhere(3)
    var firsts: Set<TokenID> = []
    for _ in 0..<5 {
      var lanes = Array(repeating: [TokenID](), count: 7)
      for _ in 0..<windows.windowsPerEpoch {
        let window = windows.next()
        for step in 0..<window.stepCount {
          for lane in 0..<7 {
            let target = window.targets[step * 7 + lane]
            let input = window.inputs[step * 7 + lane]
            #expect(input == target - 1)
            lanes[lane].append(target)
          }
        }
      }
      #expect(Set(lanes.joined()).count == 98)
      for lane in lanes {
        #expect(zip(lane, lane.dropFirst()).allSatisfy { $1 == $0 % 100 + 1 })
      }
      firsts.insert(lanes[0][0])
    }
    #expect(firsts.count > 1)
  }

  @Test func aPlaceInAnEpochFromAnywhereIsFoundAgain() {
    var windows = windowsFromAnywhere(3)
    for _ in 0..<windows.windowsPerEpoch * 2 + 1 { _ = windows.next() }
    var resumed = windowsFromAnywhere(3)
    resumed.move(to: 4, epochCount: 2)
    let (expected, found) = (windows.next(), resumed.next())
    for position in 0..<28 { #expect(found.targets[position] == expected.targets[position]) }
  }

  /// Of ranges with gaps, the last one longer than what is read at a time.
  @Test func tokensAreCountedAtTheirPositions() {
    let ids = (0..<200_000).map { TokenID($0 * $0 % 7) }
    let ranges = [3..<10, 11..<12, 50_000..<199_999]
    let counts = TokenPositions(ranges).tokenCounts(in: TokenFile(ids), vocabularySize: 9)
    var expected = Array(repeating: 0, count: 9)
    for range in ranges { for position in range { expected[Int(ids[position])] += 1 } }
    #expect(counts == expected)
  }
}
