import ArgumentParser
import ModelFiles

/// The options of the optimizer and its schedule.
struct OptimizerOptions: ParsableArguments {
  @Option(help: "The optimizer. (default: adam)")
  var optimizer: OptimizerKind?

  @Option(
    help: ArgumentHelp(
      "Peak learning rate. (default: \(Self.defaultRates); times 1 - momentum)",
      valueName: "x"))
  var learningRate: Double?

  @Option(help: ArgumentHelp("Momentum of sgd or rmsprop. (default: 0)", valueName: "x"))
  var momentum: Double?

  @Flag(help: "Use Nesterov momentum with sgd.")
  var nesterov = false

  @Option(
    name: [.customLong("rmsprop-decay"), .customLong("smoothing")],
    help: ArgumentHelp(
      "Decay of the mean square of rmsprop, per step. (default: 0.99)", valueName: "x"))
  var smoothing: Double?

  @Option(help: "The learning rate's schedule after the warm-up. (default: cosine)")
  var schedule: TrainingConfiguration.Schedule?

  @Option(
    help: ArgumentHelp(
      "Steps in which the learning rate rises to its peak. (default: 50)", valueName: "n"))
  var warmupSteps: Int?

  @Option(
    help: ArgumentHelp(
      "Passes over the text between two decays of the schedule 'step'. "
        + "(default: a fifth of the budget)", valueName: "x"))
  var decayEvery: Double?

  @Option(
    help: ArgumentHelp(
      "Passes over the text before the first of these decays. (default: --decay-every)",
      valueName: "x"))
  var decayAfter: Double?

  @Option(
    help: ArgumentHelp(
      "Factor of the learning rate at each of these decays. (default: 0.5)",
      valueName: "x"))
  var decayFactor: Double?

  @Option(
    help: ArgumentHelp(
      "Largest global norm of the gradients; 0 for no limit. (default: 1)", valueName: "x"))
  var clipNorm: Double?

  @Option(
    help: ArgumentHelp(
      "Largest magnitude of each gradient, after --clip-norm; 0 for no limit. (default: 0)",
      valueName: "x"))
  var clipValue: Double?

  @Option(
    help: ArgumentHelp(
      "L2 decay of the weights, as part of the gradient; decoupled with adamw. (default: 0)",
      valueName: "x"))
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp(
      "L1 decay of the weights, applied in the same way. (default: 0)", valueName: "x"))
  var l1: Double?

  @Option(
    help: ArgumentHelp(
      "What decays: all weights, or matrices, without biases and gains. (default: all)",
      valueName: "scope"))
  var decayScope: TrainingConfiguration.DecayScope?

  @Option(
    help: ArgumentHelp(
      "Validate and save a moving average of the weights with this decay per step, "
        + "such as 0.999.", valueName: "x"))
  var ema: Double?

  @Option(
    help: ArgumentHelp(
      "In place of --ema, validate and save the mean of the weights after each step of this last "
        + "share of the budget, such as 0.1.", valueName: "share"))
  var averageLast: Double?

  /// Applies the given options.
  ///
  /// Settings that belong to another optimizer or schedule than the given one return to their
  /// defaults, as does the learning rate if it no longer fits.
  func apply(to configuration: inout TrainingConfiguration) {
    applyRule(to: &configuration)
    applySchedule(to: &configuration)
    if let clipNorm { configuration.clipNorm = clipNorm == 0 ? nil : clipNorm }
    if let clipValue { configuration.clipValue = clipValue == 0 ? nil : clipValue }
    override(&configuration.weightDecay, with: weightDecay)
    override(&configuration.l1, with: l1)
    override(&configuration.decayScope, with: decayScope)
    if ema != nil || averageLast != nil {
      (configuration.averageDecay, configuration.averageLast) = (ema, averageLast)
    }
  }

  private func applyRule(to configuration: inout TrainingConfiguration) {
    let hasNewRule = optimizer != nil && optimizer != configuration.optimizer
    if hasNewRule {
      (configuration.momentum, configuration.smoothing) = (0, nil)
      (configuration.weightDecay, configuration.decayScope) = (0, .all)
    }
    if hasNewRule || momentum == 0 { configuration.isNesterov = false }
    override(&configuration.optimizer, with: optimizer)
    override(&configuration.momentum, with: momentum)
    override(&configuration.smoothing, with: smoothing)
    if nesterov { configuration.isNesterov = true }
    if hasNewRule || momentum != nil {
      configuration.learningRate =
        configuration.optimizer.defaultLearningRate * (1 - configuration.momentum)
    }
    override(&configuration.learningRate, with: learningRate)
  }

  private func applySchedule(to configuration: inout TrainingConfiguration) {
    if let schedule, schedule != configuration.schedule {
      configuration.schedule = schedule
      configuration.decayEvery = nil
      configuration.decayAfter = nil
      configuration.decayFactor = nil
    }
    override(&configuration.warmupSteps, with: warmupSteps)
    override(&configuration.decayEvery, with: decayEvery)
    override(&configuration.decayAfter, with: decayAfter)
    override(&configuration.decayFactor, with: decayFactor)
  }

  private static let defaultRates = OptimizerKind.allCases.map {
    "\($0.rawValue) \(plain($0.defaultLearningRate))"
  }.joined(separator: ", ")
}

extension OptimizerKind: ExpressibleByArgument {}

extension TrainingConfiguration.Schedule: ExpressibleByArgument {}
extension TrainingConfiguration.DecayScope: ExpressibleByArgument {}
