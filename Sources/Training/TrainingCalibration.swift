import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// Measures how fast this machine trains on a text, and how fast it scores one, before a run chooses its sizes.
struct TrainingCalibration {
  private let tokens: TokenFile
  private let places: TokenPlaces
  /// Of any hidden size.
  private let network: (_ hiddenSize: Int) -> NetworkConfiguration
  private let configuration: TrainingConfiguration
  private let processor: Processor

  /// - Parameters:
  ///   - places: of the tokens to predict.
  ///   - network: the network of a hidden size.
  ///   - configuration: its batch and window must fit the range.
  init(
    tokens: TokenFile, places: TokenPlaces, configuration: TrainingConfiguration,
    processor: Processor, network: @escaping (_ hiddenSize: Int) -> NetworkConfiguration
  ) {
    self.tokens = tokens
    self.places = places
    self.network = network
    self.configuration = configuration
    self.processor = processor
  }

  /// Measures networks of these sizes.
  /// - Parameter seconds: for all of them; at least two steps of each are done, however long they take.
  /// - Throws: `TrainingError.notFinite`.
  func measure(hiddenSizes: [Int], seconds: Double) throws -> TrainingSpeed {
    let share = seconds / Double(hiddenSizes.count)
    return try TrainingSpeed(hiddenSizes.map { try point($0, seconds: share) })
  }

  /// What of the time goes to scoring.
  private static let scoringShare = 0.2

  private func point(_ hiddenSize: Int, seconds: Double) throws -> TrainingSpeed.Point {
    let clock = ContinuousClock()
    let start = clock.now
    let network = network(hiddenSize)
    var trainer = Trainer(
      network: network, configuration: configuration,
      parameters: ParameterBuffer(
        configuration: network, initialization: configuration.initialization,
        seed: configuration.seed),
      tokens: tokens, places: places, processor: processor)
    _ = try trainer.step(progress: 0)  // touches memory for the first time
    // The least: what the machine can do when nothing else keeps it busy for a moment.
    var least = Double.infinity
    while least == .infinity
      || start.duration(to: clock.now).seconds < (1 - Self.scoringShare) * seconds
    {
      var tokenCount = 0
      let duration = try clock.measure { tokenCount = try trainer.step(progress: 0).tokenCount }
      least = min(least, duration.seconds / Double(tokenCount))
    }
    return TrainingSpeed.Point(
      hiddenSize: hiddenSize, trainingSecondsPerToken: max(1e-12, least),
      scoringSecondsPerToken: try scoringSeconds(trainer.weights()))
  }

  private func scoringSeconds(_ weights: NetworkWeights) -> Double {
    let validator = Validator(
      tokens: tokens, places: places, natsPerUnknown: 0,
      characterCounts: Array(repeating: 1, count: weights.configuration.vocabularySize),
      processor: processor)
    return max(1e-12, validator.estimatedSeconds(weights) / Double(places.count))
  }
}
