import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// Measures how fast this machine trains on a text, and how fast it scores one, before a run chooses its sizes.
struct TrainingCalibration {
  private let tokens: TokenFile
  private let places: TokenPositions
  /// Of any hidden size.
  private let network: (_ hiddenSize: Int) -> NetworkConfiguration
  private let configuration: TrainingConfiguration
  private let processor: Processor

  /// - Parameters:
  ///   - places: of the tokens to predict.
  ///   - configuration: its batch and window must fit the range.
  ///   - network: the network of a hidden size.
  init(
    tokens: TokenFile, places: TokenPositions, configuration: TrainingConfiguration,
    processor: Processor, network: @escaping (_ hiddenSize: Int) -> NetworkConfiguration
  ) {
    self.tokens = tokens
    self.places = places
    self.configuration = configuration
    self.processor = processor
    self.network = network
  }

  /// Measures networks of these sizes: a step of each in turn, again and again, so that what else the machine does
  /// for a moment meets all of them alike.
  /// - Parameter seconds: for all of them; two steps of each are done however long they take.
  /// - Throws: `TrainingError.notFinite`.
  func measure(hiddenSizes: [Int], seconds: Double) throws -> TrainingSpeed {
    let clock = ContinuousClock()
    let start = clock.now
    let trials = hiddenSizes.map { trial(network($0)) }
    for trial in trials { _ = try trial.trainer.step(progress: 0) }  // touches memory
    let scoring = try trials.map { try scoringSeconds($0.trainer.weights()) }
    repeat {
      for trial in trials { try trial.step() }
    } while start.duration(to: clock.now).seconds < seconds
    return TrainingSpeed(
      zip(trials, scoring).map { trial, scoringSecondsPerToken in
        TrainingSpeed.Point(
          hiddenSize: trial.trainer.network.hiddenSize,
          trainingSecondsPerToken: trial.leastSecondsPerToken,
          scoringSecondsPerToken: scoringSecondsPerToken)
      })
  }

  private func trial(_ network: NetworkConfiguration) -> Trial {
    Trial(
      Trainer(
        network: network, configuration: configuration,
        parameters: ParameterBuffer(configuration: network, seed: configuration.seed),
        tokens: tokens, places: places, processor: processor))
  }

  private func scoringSeconds(_ weights: NetworkWeights) -> Double {
    let validator = Validator(
      tokens: tokens, places: places, natsPerUnknown: 0,
      characterCounts: Array(repeating: 1, count: weights.configuration.vocabularySize),
      processor: processor)
    return max(1e-12, validator.estimatedSeconds(weights) / Double(places.count))
  }
}

/// Steps with one size, and the least time of one: what the machine can do when nothing else keeps it busy.
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
