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
    public let learningRate: Double
    /// The norm before clipping.
    public let gradientNorm: Double
  }

  let network: NetworkConfiguration
  private let configuration: TrainingConfiguration
  let processor: Processor
  package var parameters: ParameterBuffer
  package var gradients: ParameterBuffer
  var optimizer: Optimizer
  package var pass: BackpropagationThroughTime
  var windows: TokenWindows
  /// Steps completed or skipped.
  public internal(set) var stepCount = 0
  /// Nil except in tests.
  package var faultInjector: FaultInjector?

  /// - Parameters:
  ///   - configuration: its batch size and window length must fit the range.
  ///   - tokens: token ids, all below the network's vocabulary size.
  ///   - range: positions of the tokens to predict; another token precedes the first one.
  public init(
    network: NetworkConfiguration, configuration: TrainingConfiguration, tokens: TokenFile,
    range: Range<Int>, processor: Processor
  ) {
    self.init(
      network: network, configuration: configuration,
      parameters: ParameterBuffer(
        configuration: network, initialization: configuration.initialization,
        seed: configuration.seed),
      tokens: tokens, positions: TokenPositions(range), processor: processor)
  }

  /// Continues to train `parameters`, whose layout must be the network's.
  /// - Parameter positions: of the tokens to predict; another token precedes the first one.
  package init(
    network: NetworkConfiguration, configuration: TrainingConfiguration,
    parameters: consuming ParameterBuffer, tokens: TokenFile, positions: TokenPositions,
    processor: Processor
  ) {
    self.network = network
    self.configuration = configuration
    self.processor = processor
    let layout = ParameterLayout(network)
    precondition(parameters.layout == layout, "the parameters are of another network")
    gradients = ParameterBuffer(layout: layout)
    optimizer = Optimizer(configuration, parameters: parameters, processor: processor)
    self.parameters = parameters
    pass = BackpropagationThroughTime(
      configuration: network, batchSize: configuration.batchSize,
      windowLength: configuration.windowLength, dropout: configuration.dropouts,
      processor: processor)
    windows = TokenWindows(
      tokens, positions: positions, batchSize: configuration.batchSize,
      windowLength: configuration.windowLength,
      offsetSeed: configuration.laneOffsets == .random ? configuration.seed : nil)
  }

  /// The number of parameters.
  public var parameterCount: Int { parameters.count }

  public var windowsPerEpoch: Int { windows.windowsPerEpoch }

  /// A copy of the current weights, or of their average if the configuration asks for one.
  /// - Throws: `TrainingError.notFinite` if one of them is infinite or NaN.
  public func weights() throws -> NetworkWeights {
    let weights = optimizer.weights(parameters)
    guard optimizer.norm(of: weights).isFinite else {
      throw TrainingError.notFinite(step: stepCount, tensor: nonFiniteTensor ?? "its weights")
    }
    return NetworkWeights(configuration: network, parameters: weights, processor: processor)
  }

  /// Trains on the next window.
  /// - Parameters:
  ///   - progress: the consumed part of the budget, for the schedule and for the average of the
  ///     weights of the last part.
  ///   - learningRateScale: a factor on the schedule's learning rate.
  /// - Throws: `TrainingError.notFinite`. The window is then skipped: if the loss, the gradients or
  ///   the carried state were not finite, the weights are unchanged.
  public mutating func step(progress: Double, learningRateScale: Double = 1) throws -> Step {
    if windows.isAtStartOfEpoch { pass.resetState() }
    injectFault(.beforeWindow)
    let epochs = windows.epochs
    let windowSteps = windows.next()
    let tokenCount = windowSteps * configuration.batchSize
    gradients.clear(processor: processor)
    let nats = pass.accumulateGradients(
      inputs: windows.inputs.start, targets: windows.targets.start, stepCount: windowSteps,
      parameters: parameters, into: &gradients,
      dropoutStream: RandomStream(seed: configuration.seed, purpose: 1, UInt64(stepCount)))
    injectFault(.afterGradients(stepCount: windowSteps))
    let gradientNorm = optimizer.norm(of: gradients)
    let learningRate =
      learningRateScale
      * configuration.learningRate(step: stepCount, progress: progress, epochs: epochs)
    stepCount += 1
    guard nats.isFinite, gradientNorm.isFinite, pass.isStateFinite(after: windowSteps) else {
      let tensor =
        nonFiniteTensor ?? nonFiniteGradient ?? (nats.isFinite ? carriedState : "its loss")
      if !pass.isStateFinite(after: 0) { pass.resetState() }
      throw TrainingError.notFinite(step: stepCount, tensor: tensor)
    }
    let isFinite = optimizer.update(
      &parameters, gradients: gradients, gradientNorm: gradientNorm, learningRate: learningRate,
      isInAverage: configuration.isInAverage(progress: progress))
    guard isFinite else {
      throw TrainingError.notFinite(step: stepCount, tensor: nonFiniteTensor ?? "its weights")
    }
    pass.carryState(stepCount: windowSteps)
    return Step(
      number: stepCount, epochs: windows.epochs, tokenCount: tokenCount,
      natsPerToken: nats / Double(tokenCount), learningRate: learningRate,
      gradientNorm: gradientNorm)
  }
}
