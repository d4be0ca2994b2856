import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// Trains a network step by step: a window of the corpus, its gradients, one update.
///
/// ```swift
/// import Kernels
/// import ModelFiles
/// import Training
///
/// var trainer = Trainer(
///   network: network, configuration: TrainingConfiguration(), tokens: tokens,
///   range: 1..<tokens.count, processor: Processor(threadCount: 2))
/// for _ in 0..<1_000 {
///   let step = try trainer.step(progress: Double(trainer.stepCount) / 1_000)
///   print(step.natsPerToken)
/// }
/// let weights = try trainer.weights()
/// ```
///
/// The weights after any number of steps are the same to the bit for any number of threads. Each
/// step checks the loss, the gradients, the carried state and everything that it writes for
/// infinities and NaNs.
public struct Trainer: ~Copyable {
  /// The result of one step.
  public struct Step: Sendable, Equatable {
    /// 1 for the first.
    public let number: Int
    /// Passes over the text after this step.
    public let epochs: Double
    /// Tokens of the window.
    public let tokenCount: Int
    /// The window's mean, before the update.
    public let natsPerToken: Double
    /// The rate of the update.
    public let learningRate: Double
    /// The norm before clipping.
    public let gradientNorm: Double
  }

  package let engine: any TrainingEngine
  private let configuration: TrainingConfiguration
  var windows: TokenWindows
  /// Steps completed or skipped.
  public internal(set) var stepCount = 0

  /// - Parameters:
  ///   - network: the network to train.
  ///   - configuration: its batch size and window length must fit the range.
  ///   - tokens: token ids, all below the network's vocabulary size.
  ///   - range: positions of the tokens to predict; another token precedes the first one.
  ///   - processor: the instruction set and the threads to compute with.
  public init(
    network: NetworkConfiguration, configuration: TrainingConfiguration, tokens: TokenFile,
    range: Range<Int>, processor: Processor
  ) {
    let parameters = ParameterBuffer(
      configuration: network, initialization: configuration.initialization,
      seed: configuration.seed)
    self.init(
      ProcessorEngine(
        network: network, configuration: configuration, parameters: parameters,
        processor: processor),
      configuration: configuration, tokens: tokens, positions: TokenPositions(range))
  }

  /// - Parameters:
  ///   - configuration: the engine's; its batch size and window length must fit the positions.
  ///   - positions: of the tokens to predict; another token precedes the first one.
  package init(
    _ engine: any TrainingEngine, configuration: TrainingConfiguration, tokens: TokenFile,
    positions: TokenPositions
  ) {
    self.engine = engine
    self.configuration = configuration
    windows = TokenWindows(
      tokens, positions: positions, batchSize: configuration.batchSize,
      windowLength: configuration.windowLength,
      offsetSeed: configuration.laneOffsets == .random ? configuration.seed : nil)
  }

  /// The number of parameters.
  public var parameterCount: Int { ParameterLayout(engine.network).count }

  /// The steps of a pass over the text.
  public var windowsPerEpoch: Int { windows.windowsPerEpoch }

  /// A copy of the current weights, or of their average if the configuration asks for one.
  /// - Throws: `TrainingError.notFinite` if one of them is infinite or NaN.
  public func weights() throws -> NetworkWeights {
    guard let weights = engine.weights() else {
      throw notFinite(engine.nonFiniteTensor ?? "its weights")
    }
    return weights
  }

  /// Trains on the next window.
  /// - Parameters:
  ///   - progress: the consumed part of the budget, for the schedule and for the average of the
  ///     weights of the last part.
  ///   - learningRateScale: a factor on the schedule's learning rate.
  /// - Throws: `TrainingError.notFinite`. The window is then skipped: if the loss, the gradients or
  ///   the carried state were not finite, the weights are unchanged.
  public mutating func step(progress: Double, learningRateScale: Double = 1) throws -> Step {
    if windows.isAtStartOfEpoch { engine.resetState() }
    let epochs = windows.epochs
    let window = windows.next()
    let tokenCount = window.stepCount * configuration.batchSize
    let nats = engine.computeGradients(of: window, number: stepCount)
    let gradientNorm = engine.gradientNorm()
    let learningRate =
      learningRateScale
      * configuration.learningRate(step: stepCount, progress: progress, epochs: epochs)
    stepCount += 1
    guard nats.isFinite, gradientNorm.isFinite, engine.isStateFinite(after: window.stepCount) else {
      let tensor =
        engine.nonFiniteTensor ?? engine.nonFiniteGradient
        ?? (nats.isFinite ? Self.carriedState : "its loss")
      if !engine.isStateFinite(after: 0) { engine.resetState() }
      throw notFinite(tensor)
    }
    guard
      engine.update(
        gradientNorm: gradientNorm, learningRate: learningRate,
        isInAverage: configuration.isInAverage(progress: progress))
    else { throw notFinite(engine.nonFiniteTensor ?? "its weights") }
    engine.carryState(stepCount: window.stepCount)
    return Step(
      number: stepCount, epochs: windows.epochs, tokenCount: tokenCount,
      natsPerToken: nats / Double(tokenCount), learningRate: learningRate,
      gradientNorm: gradientNorm)
  }

  /// The name in messages of the state that one window passes to the next.
  static let carriedState = "the carried state"

  private func notFinite(_ tensor: String) -> TrainingError {
    .notFinite(step: stepCount, tensor: tensor)
  }
}
