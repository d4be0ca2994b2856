import ArgumentParser
import ModelFiles

/// How gradients change the weights.
struct OptimizerOptions: ParsableArguments {
  @Option(help: "How gradients change the weights. (default: adam)")
  var optimizer: OptimizerKind?

  @Option(
    help: ArgumentHelp(
      "The peak learning rate. (default: \(Self.defaultRates); times 1 - momentum)",
      valueName: "x"))
  var learningRate: Double?

  @Option(help: ArgumentHelp("Momentum of sgd and rmsprop. (default: 0)", valueName: "x"))
  var momentum: Double?

  @Flag(help: "Let the momentum of sgd look ahead.")
  var nesterov = false

  @Option(
    help: ArgumentHelp(
      "What rmsprop keeps of the mean square at each step. (default: 0.99)", valueName: "x"))
  var smoothing: Double?

  @Option(help: "How the learning rate goes on after the warm-up. (default: cosine)")
  var schedule: TrainingConfiguration.Schedule?

  @Option(
    help: ArgumentHelp(
      "Steps in which the learning rate grows to its peak. (default: 50)", valueName: "n"))
  var warmupSteps: Int?

  @Option(
    help: ArgumentHelp(
      "Passes over the text from one decay of the schedule 'step' to the next. "
        + "(default: a fifth of the budget)", valueName: "x"))
  var decayEvery: Double?

  @Option(
    help: ArgumentHelp(
      "Passes over the text before the first of these decays. (default: --decay-every)",
      valueName: "x"))
  var decayAfter: Double?

  @Option(
    help: ArgumentHelp(
      "What each of these decays multiplies the learning rate with. (default: 0.5)",
      valueName: "x"))
  var decayFactor: Double?

  @Option(
    help: ArgumentHelp(
      "The largest global norm of the gradients; 0 for none. (default: 1)", valueName: "x"))
  var clipNorm: Double?

  @Option(
    help: ArgumentHelp(
      "The largest magnitude of one gradient, after --clip-norm; 0 for none. (default: 0)",
      valueName: "x"))
  var clipValue: Double?

  @Option(
    help: ArgumentHelp(
      "L2 decay of all weights, through the gradient; with adamw beside it. (default: 0)",
      valueName: "x"))
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp("L1 decay of all weights, in the same way. (default: 0)", valueName: "x"))
  var l1: Double?

  @Option(
    help: ArgumentHelp(
      "Validate and save an average of the weights that keeps this share of itself at each step, "
        + "such as 0.999.", valueName: "x"))
  var ema: Double?

  /// Changes the settings whose options were given. Those of another optimizer or schedule than the given one mean
  /// nothing and go back to their defaults, as does the learning rate where it no longer fits.
  func apply(to configuration: inout TrainingConfiguration) {
    applyRule(to: &configuration)
    applySchedule(to: &configuration)
    if let clipNorm { configuration.clipNorm = clipNorm == 0 ? nil : clipNorm }
    if let clipValue { configuration.clipValue = clipValue == 0 ? nil : clipValue }
    set(&configuration.weightDecay, weightDecay)
    set(&configuration.l1, l1)
    set(&configuration.averageDecay, ema)
  }

  private func applyRule(to configuration: inout TrainingConfiguration) {
    let hasNewRule = optimizer != nil && optimizer != configuration.optimizer
    if hasNewRule { (configuration.momentum, configuration.smoothing) = (0, nil) }
    if hasNewRule || momentum == 0 { configuration.isNesterov = false }
    set(&configuration.optimizer, optimizer)
    set(&configuration.momentum, momentum)
    set(&configuration.smoothing, smoothing)
    if nesterov { configuration.isNesterov = true }
    if hasNewRule || momentum != nil {
      configuration.learningRate =
        configuration.optimizer.defaultLearningRate * (1 - configuration.momentum)
    }
    set(&configuration.learningRate, learningRate)
  }

  private func applySchedule(to configuration: inout TrainingConfiguration) {
    if let schedule, schedule != configuration.schedule {
      configuration.schedule = schedule
      configuration.decayEvery = nil
      configuration.decayAfter = nil
      configuration.decayFactor = nil
    }
    set(&configuration.warmupSteps, warmupSteps)
    set(&configuration.decayEvery, decayEvery)
    set(&configuration.decayAfter, decayAfter)
    set(&configuration.decayFactor, decayFactor)
  }

  private static let defaultRates = OptimizerKind.allCases.map {
    "\($0.rawValue) \(plain($0.defaultLearningRate))"
  }.joined(separator: ", ")
}

extension OptimizerKind: ExpressibleByArgument {}

extension TrainingConfiguration.Schedule: ExpressibleByArgument {}
