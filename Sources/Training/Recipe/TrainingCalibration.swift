import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// Measures the speed of this machine in training and scoring, before a run chooses its sizes.
package struct TrainingCalibration {
  private let tokens: TokenFile
  private let positions: TokenPositions
  /// Gives the network of a hidden size.
  private let network: (_ hiddenSize: Int) -> NetworkConfiguration
  private let configuration: TrainingConfiguration
  private let backend: ComputeBackend
  private let processor: Processor

  /// - Parameters:
  ///   - positions: of the tokens to predict.
  ///   - configuration: its batch and window must fit the range.
  ///   - network: gives the network of a hidden size.
  package init(
    tokens: TokenFile, positions: TokenPositions, configuration: TrainingConfiguration,
    backend: ComputeBackend = ComputeBackend(), processor: Processor,
    network: @escaping (_ hiddenSize: Int) -> NetworkConfiguration
  ) {
    self.tokens = tokens
    self.positions = positions
    self.configuration = configuration
    self.backend = backend
    self.processor = processor
    self.network = network
  }

  /// Measures networks of the given sizes.
  ///
  /// One step of each alternates with the others, repeatedly, so that a brief load on the machine
  /// slows all of them.
  /// - Parameters:
  ///   - hiddenSizes: in ascending order. The first is measured in any case; one that is not
  ///     expected to be ready within `limit` is left out, with all larger ones.
  ///   - seconds: the time for all sizes; each does at least two steps.
  ///   - limit: the time for the first step of every size.
  /// - Throws: `TrainingError.notFinite`.
  package func measure(
    hiddenSizes: [Int], seconds: Double, limit: Double
  ) throws -> TrainingSpeed {
    let clock = ContinuousClock()
    let start = clock.now
    var elapsed: Double { start.duration(to: clock.now).seconds }
    var trials: [Trial] = []
    var scoring: [Double] = []
    var last: (hiddenSize: Int, seconds: Double)?
    for hiddenSize in hiddenSizes {
      let begin = elapsed
      if let last {
        // Work grows at most with the square of the size.
        let growth = Double(hiddenSize) / Double(last.hiddenSize)
        if begin + growth * growth * last.seconds > limit { break }
      }
      let trial = trial(network(hiddenSize))
      _ = try trial.trainer.step(progress: 0)  // touches memory
      scoring.append(try scoringSeconds(trial.trainer.weights()))
      trials.append(trial)
      last = (hiddenSize, elapsed - begin)
    }
    repeat {
      for trial in trials { try trial.step() }
    } while elapsed < seconds
    return TrainingSpeed(
      zip(trials, scoring).map { trial, scoringSecondsPerToken in
        TrainingSpeed.Point(
          hiddenSize: trial.trainer.engine.network.hiddenSize,
          trainingSecondsPerToken: trial.leastSecondsPerToken,
          scoringSecondsPerToken: scoringSecondsPerToken)
      })
  }

  private func trial(_ network: NetworkConfiguration) -> Trial {
    Trial(
      Trainer(
        backend.makeEngine(
          network, configuration,
          ParameterBuffer(configuration: network, seed: configuration.seed), processor),
        configuration: configuration, tokens: tokens, positions: positions))
  }

  private func scoringSeconds(_ weights: NetworkWeights) -> Double {
    let validator = Validator(
      tokens: tokens, positions: positions, natsPerUnknown: 0,
      characterCounts: Array(repeating: 1, count: weights.configuration.vocabularySize),
      makeScorer: backend.makeScorer, processor: processor)
    return max(1e-12, validator.estimatedSeconds(weights) / Double(positions.count))
  }
}

/// Trial steps with one size, and the shortest time of one: the speed of an otherwise idle machine.
private final class Trial {
  var trainer: Trainer
  private(set) var leastSecondsPerToken = Double.infinity

  init(_ trainer: consuming Trainer) { self.trainer = trainer }

  func step() throws {
    var tokenCount = 0
    let duration = try ContinuousClock().measure {
      tokenCount = try trainer.step(progress: 0).tokenCount
    }
    leastSecondsPerToken = min(
      leastSecondsPerToken, max(1e-12, duration.seconds / Double(tokenCount)))
  }
}
