import Foundation
import Kernels
import ModelFiles
import RecurrentNetwork
import Testing
import Tokenization
import Training

/// Real runs from each choice of initial weights, with tied embeddings and without.
@Suite(.serialized) struct InitialWeightsRunTests {
  private typealias Runs = TrainingRunTests

  struct Choice: CustomTestStringConvertible {
    var cell: CellKind
    var isTied: Bool
    var weights = Initialization.Scheme.uniform
    var recurrentWeights: Initialization.RecurrentScheme?

    static let all = CellKind.allCases.flatMap { cell in
      [
        Choice(cell: cell, isTied: true),
        Choice(cell: cell, isTied: true, weights: .xavier, recurrentWeights: .orthogonal),
        Choice(cell: cell, isTied: false, weights: .xavier),
        Choice(cell: cell, isTied: false, recurrentWeights: .orthogonal),
      ]
    }

    var testDescription: String {
      "\(cell), tied: \(isTied), \(weights), \(recurrentWeights.map { "\($0)" } ?? "-")"
    }
  }

  /// The nats of each step, and the bits of the weights after all steps.
  private static func train(
    _ choice: Choice, steps: Int, hiddenSize: Int = 24, threadCount: Int = 2
  ) throws -> (nats: [Double], bits: [UInt32], vocabularySize: Int) {
    let (tokenizer, tokens) = try Runs.corpus(Runs.text)
    var configuration = Runs.configuration(steps: steps)
    configuration.initialization.weights = choice.weights
    configuration.initialization.recurrentWeights = choice.recurrentWeights
    let network = NetworkConfiguration(
      cell: choice.cell, vocabularySize: tokenizer.vocabularySize, embeddingSize: hiddenSize,
      hiddenSize: hiddenSize, layerCount: 1, tiesEmbeddings: choice.isTied)
    var trainer = Trainer(
      network: network, configuration: configuration, tokens: tokens, range: 1..<tokens.count,
      processor: Processor(threadCount: threadCount))
    var nats: [Double] = []
    for step in 0..<steps {
      nats.append(try trainer.step(progress: Double(step) / Double(steps)).natsPerToken)
    }
    let weights = try trainer.weights()
    #expect(weights.parameters.count == ParameterLayout(network).count)
    return (
      nats, (0..<weights.parameters.count).map { weights.parameters.start[$0].bitPattern },
      tokenizer.vocabularySize
    )
  }

  /// An untrained network guesses among V tokens: the first loss is near log V = 2.94.
  @Test(arguments: Choice.all.filter(\.isTied))
  func tiedNetworksStartFromAGuess(choice: Choice) throws {
    let (nats, _, vocabularySize) = try Self.train(choice, steps: 1, hiddenSize: 128)
    // Logits of variance v cost about v / 2. Tied embeddings of variance 1 would cost 1.7 or more.
    #expect(abs(nats[0] - log(Double(vocabularySize))) < 0.3)
  }

  @Test(arguments: Choice.all.filter { $0.cell == .lstm })
  func theTextIsLearned(choice: Choice) throws {
    let (nats, _, _) = try Self.train(choice, steps: 300)
    #expect(nats.suffix(10).allSatisfy { $0 < 0.5 }, "\(nats.suffix(10))")
  }

  @Test func theBitsAreTheSameForAnyNumberOfThreads() throws {
    for choice in Choice.all {
      let bits = try [1, 2, 3].map { try Self.train(choice, steps: 8, threadCount: $0).bits }
      #expect(bits[0] == bits[1] && bits[0] == bits[2], "\(choice)")
    }
  }

  @Test func aForgetBiasIsForAnLSTMOnly() throws {
    var configuration = TrainingConfiguration()
    configuration.initialization.forgetBias = 1
    try configuration.validate(for: .lstm)
    for cell in [CellKind.gru, .rnn] {
      #expect(
        throws: TrainingSettingsError.hasNoEffect(.forgetBias, needs: "the cell LSTM")
      ) { try configuration.validate(for: cell) }
    }
    for value in [Double.nan, .infinity, -80.5, 81] {
      configuration.initialization.forgetBias = value
      #expect {
        try configuration.validate()
      } throws: {
        if case TrainingSettingsError.outOfRange(.forgetBias, _, _) = $0 {
          true
        } else {
          false
        }
      }
    }
  }
}
