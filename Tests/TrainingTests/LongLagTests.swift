import Kernels
import ModelFiles
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization
import Training

/// The purpose of gates: tasks whose answers come 30 or more steps after their questions. LSTM and
/// GRU learn them; the simple RNN, given the same number of steps, does not.
///
/// Training gives the same bits every time, so the seed decides; `docs/vanishing-gradients.md` has
/// the figures of other seeds. Debug builds are too slow for more than short lags.
@Suite(.serialized) struct LongLagTests {
  /// A network that errs in one of twenty answers has learned the task.
  static let solvedAccuracy = 0.95
  /// Far from solved. Guesses are right for half of the grammar's answers and a quarter of the
  /// copies; a network that remembers one of the grammar's three bits and guesses the others is
  /// right for two thirds.
  static let unsolvedAccuracy = 0.75

  #if !DEBUG
    static let trials = [
      LongLagTrial(
        task: EmbeddedReberGrammar(depth: 3), lag: 30, batchSize: 16, hiddenSize: 48, steps: 4_000),
      LongLagTrial(
        task: DelayedCopy(alphabetSize: 4, symbolCount: 3), lag: 30, batchSize: 16, hiddenSize: 48,
        steps: 1_500),
    ]

    @Test(arguments: trials)
    func gatedCellsBridgeALongLag(trial: LongLagTrial) throws {
      for cell in [CellKind.lstm, .gru] {
        let accuracy = try trial.accuracy(cell, seed: 1)
        #expect(accuracy >= Self.solvedAccuracy, "\(cell)")
      }
    }

    @Test(arguments: trials)
    func theSimpleNetworkDoesNot(trial: LongLagTrial) throws {
      let accuracy = try trial.accuracy(.rnn, seed: 1)
      #expect(accuracy <= Self.unsolvedAccuracy)
    }
  #endif

  /// Every cell learns a lag that gradients bridge: if one fails at a long lag, the task is not the
  /// reason.
  @Test(arguments: CellKind.allCases)
  func everyCellBridgesAShortLag(cell: CellKind) throws {
    let trial = LongLagTrial(
      task: DelayedCopy(alphabetSize: 2, symbolCount: 1), lag: 4, batchSize: 8, hiddenSize: 16,
      steps: 150)
    #expect(
      try trial.accuracy(cell, seed: 1) >= Self.solvedAccuracy)
  }
}

/// A task, and the training of a network on it.
struct LongLagTrial: Sendable, CustomTestStringConvertible {
  let task: any LongLagTask
  /// The longest lag of the training text, and that of the test.
  let lag: Int
  let batchSize: Int
  let hiddenSize: Int
  let steps: Int

  var testDescription: String { "\(type(of: task)), lag \(lag)" }

  /// The share of correct answers, on sequences that training did not see.
  func accuracy(_ cell: CellKind, seed: UInt64) throws -> Double {
    let processor = Processor(threadCount: 2)
    let weights = try train(cell, seed: seed, processor)
    var predictor = Predictor(weights: weights, processor: processor)
    var state = RecurrentState(weights.configuration)
    var stream = RandomStream(seed: seed, purpose: 3)
    var logits: [Float] = []
    var (rightCount, answerCount) = (0, 0)
    for _ in 0..<200 {
      let sequence = task.sequence(lag: lag, using: &stream)
      for (position, token) in sequence.tokens.enumerated() {
        if sequence.answerPlaces.contains(position) {
          let answer = task.answers.max { logits[Int($0)] < logits[Int($1)] }
          rightCount += answer == token ? 1 : 0
          answerCount += 1
        }
        predictor.advance([token], state: &state, logits: &logits)
      }
    }
    return Double(rightCount) / Double(answerCount)
  }

  private func train(
    _ cell: CellKind, seed: UInt64, _ processor: Processor
  ) throws -> NetworkWeights {
    var configuration = TrainingConfiguration()
    configuration.batchSize = batchSize
    // Longer than a sequence, so that gradients can reach all of it.
    configuration.windowLength = 2 * lag + 4
    configuration.learningRate = 0.01
    configuration.seed = seed
    configuration.budget = .init(Double(steps), .steps)
    let tokens = task.tokens(
      count: batchSize * configuration.windowLength * steps + 1, lags: 1...lag, seed: seed)
    var trainer = Trainer(
      network: NetworkConfiguration(
        cell: cell, vocabularySize: task.vocabularySize, embeddingSize: 8, hiddenSize: hiddenSize,
        layerCount: 1),
      configuration: configuration, tokens: TokenFile(tokens), range: 1..<tokens.count,
      processor: processor)
    for step in 0..<steps { _ = try trainer.step(progress: Double(step) / Double(steps)) }
    return try trainer.weights()
  }
}
