import ModelFiles
import Testing
import Tokenization
import Training

/// A validation text of blocks spread over the corpus.
@Suite struct InterleavedValidationTests {
  private static func split(_ tokenCount: Int, _ fraction: Double) -> TokenSplit {
    TokenSplit(
      tokenCount: tokenCount, validationFraction: fraction, validationSplit: .interleaved)
  }

  @Test(arguments: [
    (1_115_395, 0.1), (3_000_002, 0.1), (20_001, 0.1), (5_003, 0.5), (1_000_000, 0.999),
    (161, 0.1), (151, 0.1), (17, 0.99), (2, 0.1), (0, 0.1), (100_000, 0),
  ])
  func everyTokenIsInOnePartAndTheShareIsThatOfATail(tokenCount: Int, fraction: Double) {
    let split = Self.split(tokenCount, fraction)
    let ranges = (split.training.ranges + split.validation.ranges)
      .sorted { $0.lowerBound < $1.lowerBound }
    var position = 1
    for range in ranges {
      #expect(range.lowerBound == position)
      position = range.upperBound
    }
    #expect(position == max(1, tokenCount))
    let tail = TokenSplit(tokenCount: tokenCount, validationFraction: fraction)
    #expect(split.training.count == tail.training.count)
    #expect(split.validation.count == tail.validation.count)
  }

  @Test(arguments: [
    (1_115_395, 11, 10_140...10_140), (3_000_001, 30, 10_000...10_000),
    (200_001, 10, 2_000...2_000), (20_011, 8, 250...251), (4_001, 1, 400...400),
  ])
  func blocksAreSpreadEvenly(tokenCount: Int, blockCount: Int, lengths: ClosedRange<Int>) {
    let split = Self.split(tokenCount, 0.1)
    #expect(split.validation.ranges.count == blockCount)
    #expect(split.training.ranges.count == blockCount)
    #expect(split.validation.ranges.allSatisfy { lengths.contains($0.count) })
    let gaps = Set(split.training.ranges.map(\.count))
    #expect(gaps.max()! - gaps.min()! <= 1)
    #expect(split.validation.ranges.last!.upperBound == tokenCount)
  }

  @Test func aTextOfOneBlockIsSplitAtItsTail() {
    #expect(Self.split(4_001, 0.1) == TokenSplit(tokenCount: 4_001, validationFraction: 0.1))
  }

  @Test(arguments: [(1, 700), (7, 64), (32, 5)])
  func trainingReadsNothingThatIsKeptAndAllElseInOrder(batchSize: Int, windowLength: Int) {
    // Token ids equal their positions.
    let ids = (0...6_000).map { TokenID($0) }
    let split = Self.split(ids.count, 0.5)
    #expect(split.training.ranges.count == 10)
    let text: [TokenID] = [0] + split.training.ranges.flatMap { $0.map { TokenID($0) } }
    var windows = TokenWindows(
      TokenFile(ids), positions: split.training, batchSize: batchSize, windowLength: windowLength)
    var inputs = Array(repeating: [TokenID](), count: batchSize)
    var targets = inputs
    for _ in 0..<windows.windowsPerEpoch {
      let window = windows.next()
      for step in 0..<window.stepCount {
        for lane in 0..<batchSize {
          inputs[lane].append(window.inputs[step * batchSize + lane])
          targets[lane].append(window.targets[step * batchSize + lane])
        }
      }
    }
    let count = split.training.count / batchSize * batchSize
    #expect(inputs.flatMap { $0 } == Array(text[..<count]))
    #expect(targets.flatMap { $0 } == Array(text[1...count]))
  }

  @Test func everyTokenOfTheBlocksIsScoredInOrderWithCarriedState() throws {
    var configuration = TrainingRunTests.configuration(steps: 20)
    configuration.validationFraction = 0.5
    configuration.validationSplit = .interleaved
    let report = try TrainingRunTests.train(TrainingRunTests.text, configuration)
    let model = try #require(report.result).model
    let tokens = try TrainingRunTests.corpus(TrainingRunTests.text).tokens
    let split = Self.split(tokens.count, 0.5)
    #expect(split.validation.ranges.count == 10)
    let ids = split.validation.ranges.flatMap { range in
      [TokenID](unsafeUninitializedCapacity: range.count) { buffer, count in
        tokens.copy(range, to: buffer)
        count = range.count
      }
    }
    #expect(report.plan?.validationTokens == ids.count)
    let found = try #require(model.training.validationNatsPerToken)
    #expect(abs(found - TrainingRunTests.score(model, ids)) < 1e-12)
    #expect(report.steps.reduce(0) { $0 + $1.tokenCount } == 20 * 8 * 20)
  }

  // MARK: Resuming

  private static func smallRun(_ split: ValidationSplit, steps: Int = 40) throws -> SmallRun {
    var small = try SmallRun(.gru, steps: steps)
    small.configuration.validationFraction = 0.5
    small.configuration.validationSplit = split
    return small
  }

  @Test(arguments: [1, 14, 39]) func aResumedRunGoesOnToTheSameBits(steps: Int) throws {
    let small = try Self.smallRun(.interleaved)
    let uninterrupted = try small.events()
    #expect(try uninterrupted.parameters != Self.smallRun(.tail).events().parameters)
    var events = SmallRun.Events()
    let checkpoint = try small.follow(&events, forSteps: steps)
    #expect(checkpoint.configuration.validationSplit == .interleaved)
    #expect(checkpoint.epochs == events.steps.last?.epochs)
    try small.follow(&events, resuming: checkpoint)
    #expect(events == uninterrupted)
  }

  @Test func aCheckpointOfAnotherSplitIsRejected() throws {
    var events = SmallRun.Events()
    let checkpoint = try Self.smallRun(.interleaved, steps: 9).follow(&events, forSteps: 2)
    #expect(
      throws: CheckpointError.otherText(
        name: "The text", reason: "another part of it is kept for validation")
    ) { try Self.smallRun(.tail, steps: 9).follow(&events, resuming: checkpoint) }
  }
}
