import Kernels
import ModelFiles
import RecurrentNetwork
import Testing
import Tokenization
import Training

/// Gradients as sums over shards. ResumeTests and NotFiniteTests train with shards, too.
@Suite struct ShardTests {
  private static let network = NetworkConfiguration(
    vocabularySize: 9, embeddingSize: 5, hiddenSize: 11, layerCount: 2)

  private static func configuration(shards: Int) -> TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.batchSize = 10
    configuration.windowLength = 6
    configuration.dropout = 0.2
    configuration.recurrentDropout = 0.1
    configuration.shards = shards
    return configuration
  }

  private static func engine(
    _ configuration: TrainingConfiguration, shards: Range<Int>? = nil, threadCount: Int = 2
  ) -> ProcessorEngine {
    ProcessorEngine(
      network: network, configuration: configuration, shards: shards,
      parameters: ParameterBuffer(configuration: network, seed: 1),
      processor: Processor(threadCount: threadCount))
  }

  private static func trainer(
    _ engine: ProcessorEngine, _ configuration: TrainingConfiguration
  ) -> Trainer {
    let ids = (0..<700).map { TokenID($0 * $0 % 8 + 1) }
    return Trainer(
      engine, configuration: configuration, tokens: TokenFile(ids),
      positions: TokenPositions(1..<ids.count))
  }

  private static func floats(_ buffer: borrowing ParameterBuffer) -> [Float] {
    (0..<buffer.count).map { buffer.start[$0] }
  }

  /// The gradients and nats of the second window, in the state that the first has carried into it.
  private static func results(
    _ engine: ProcessorEngine, _ configuration: TrainingConfiguration
  ) -> ([Float], [Double]) {
    var windows = TokenWindows(
      TokenFile((0..<700).map { TokenID($0 * $0 % 8 + 1) }), positions: TokenPositions(1..<700),
      batchSize: configuration.batchSize, windowLength: configuration.windowLength)
    var nats: [Double] = []
    for number in 0..<2 {
      let window = windows.next()
      nats = engine.computeShardGradients(of: window, number: number) { _ in }
      engine.carryState(stepCount: window.stepCount)
    }
    return (floats(engine.gradients), nats)
  }

  /// What `DistributedEngine` rests on.
  @Test(arguments: [(2, 2), (4, 2), (4, 4), (8, 2), (8, 4), (3, 3), (7, 7), (6, 2), (10, 2)])
  func sumsOfSubtreesAreTheSumOfAll(shards: Int, processCount: Int) {
    #expect(DistributedEngine.canDivide(shards: shards, among: processCount))
    let configuration = Self.configuration(shards: shards)
    let (expected, nats) = Self.results(Self.engine(configuration), configuration)
    let share = shards / processCount
    let parts = (0..<processCount).map { rank in
      Self.results(
        Self.engine(configuration, shards: rank * share..<(rank + 1) * share), configuration)
    }
    func sum(_ ranks: Range<Int>) -> [Float] {
      guard ranks.count > 1 else { return parts[ranks.lowerBound].0 }
      let middle = (ranks.lowerBound + ranks.upperBound) / 2
      return zip(sum(ranks.lowerBound..<middle), sum(middle..<ranks.upperBound)).map { $0 + $1 }
    }
    #expect(sum(0..<processCount) == expected)
    #expect(parts.flatMap(\.1) == nats)
  }

  @Test(arguments: [(4, 3), (6, 3), (6, 4), (2, 4), (12, 6)])
  func whatIsNoSubtreeCannotBeDivided(shards: Int, processCount: Int) {
    #expect(!DistributedEngine.canDivide(shards: shards, among: processCount))
  }

  @Test(arguments: [1, 2, 3, 4, 7, 10])
  func lanesAreDividedWithoutRest(shards: Int) {
    let lanes = Self.configuration(shards: shards).lanesOfShards
    #expect(lanes.count == shards && lanes.allSatisfy { !$0.isEmpty })
    #expect(lanes.flatMap { Array($0) } == Array(0..<10))
  }

  @Test func theNumberOfShardsChangesSumsOnlyByRounding() throws {
    let losses = try [1, 3, 10].map { shards in
      let configuration = Self.configuration(shards: shards)
      var trainer = Self.trainer(Self.engine(configuration), configuration)
      return try (0..<20).map { try trainer.step(progress: Double($0) / 20).natsPerToken }
    }
    for others in losses.dropFirst() {
      for (loss, other) in zip(losses[0], others) { #expect(abs(loss - other) < 1e-4) }
      #expect(abs(losses[0][0] - others[0]) < 1e-12)
    }
  }

  @Test func theNumberOfThreadsChangesNothing() throws {
    let configuration = Self.configuration(shards: 4)
    let weights = try [1, 2, 3].map { threadCount in
      var trainer = Self.trainer(
        Self.engine(configuration, threadCount: threadCount), configuration)
      for _ in 0..<30 { _ = try trainer.step(progress: 0.5) }
      return try Self.floats(trainer.weights().parameters)
    }
    #expect(weights[1] == weights[0] && weights[2] == weights[0])
  }

  @Test func aTextTooShortForTheShardsIsRejected() throws {
    let (tokenizer, tokens) = try TrainingRunTests.corpus(String(repeating: "abcdef ", count: 40))
    var configuration = TrainingConfiguration()
    configuration.shards = 8
    let network = NetworkConfiguration(
      vocabularySize: tokenizer.vocabularySize, embeddingSize: 4, hiddenSize: 4, layerCount: 1)
    let error = TrainingError.tooFewLanes(name: "The text", laneCount: 3, shards: 8)
    #expect(throws: error) {
      try TrainingRun(
        tokens: tokens, tokenizer: tokenizer, network: network, configuration: configuration,
        processor: Processor(threadCount: 1))
    }
    configuration.shards = 33
    #expect(throws: TrainingSettingsError.self) { try configuration.validate() }
  }
}
