import ArgumentParser
import ModelFiles

/// How gradients change the weights.
struct OptimizerOptions: ParsableArguments {
  @Option(help: "How gradients change the weights.")
  var optimizer: OptimizerKind = .adam

  @Option(
    help: ArgumentHelp(
      "The peak learning rate. (default: \(Self.defaultRates); times 1 - momentum)",
      valueName: "x"))
  var learningRate: Double?

  @Option(help: ArgumentHelp("Momentum of sgd and rmsprop.", valueName: "x"))
  var momentum = 0.0

  @Flag(help: "Let the momentum of sgd look ahead.")
  var nesterov = false

  @Option(
    help: ArgumentHelp(
      "What rmsprop keeps of the mean square at each step. (default: 0.99)", valueName: "x"))
  var smoothing: Double?

  @Option(help: "How the learning rate goes on after the warm-up.")
  var schedule: TrainingConfiguration.Schedule = .cosine

  @Option(help: ArgumentHelp("Steps in which the learning rate grows to its peak.", valueName: "n"))
  var warmupSteps = 50

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
    help: ArgumentHelp("The largest global norm of the gradients; 0 for none.", valueName: "x"))
  var clipNorm = 1.0

  @Option(
    help: ArgumentHelp(
      "The largest magnitude of one gradient, after --clip-norm; 0 for none.", valueName: "x"))
  var clipValue = 0.0

  @Option(
    help: ArgumentHelp(
      "L2 decay of all weights, through the gradient; with adamw beside it.", valueName: "x"))
  var weightDecay = 0.0

  @Option(help: ArgumentHelp("L1 decay of all weights, in the same way.", valueName: "x"))
  var l1 = 0.0

  @Option(
    help: ArgumentHelp(
      "Validate and save an average of the weights that keeps this share of itself at each step, "
        + "such as 0.999.", valueName: "x"))
  var ema: Double?

  func apply(to configuration: inout TrainingConfiguration) {
    configuration.optimizer = optimizer
    configuration.learningRate = learningRate ?? optimizer.defaultLearningRate * (1 - momentum)
    configuration.momentum = momentum
    configuration.isNesterov = nesterov
    configuration.smoothing = smoothing
    configuration.schedule = schedule
    configuration.warmupSteps = warmupSteps
    configuration.decayEvery = decayEvery
    configuration.decayAfter = decayAfter
    configuration.decayFactor = decayFactor
    configuration.clipNorm = clipNorm == 0 ? nil : clipNorm
    configuration.clipValue = clipValue == 0 ? nil : clipValue
    configuration.weightDecay = weightDecay
    configuration.l1 = l1
    configuration.averageDecay = ema
  }

  private static let defaultRates = OptimizerKind.allCases.map {
    "\($0.rawValue) \(plain($0.defaultLearningRate))"
  }.joined(separator: ", ")
}

extension OptimizerKind: ExpressibleByArgument {}

extension TrainingConfiguration.Schedule: ExpressibleByArgument {}
