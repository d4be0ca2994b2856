import ArgumentParser
import Evaluation
import Kernels
import ModelFiles
import Tokenization

/// The options of dynamic evaluation.
struct DynamicOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Tokens between two updates of the weights. (default: 20)", valueName: "n"))
  var dynamicSegment: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Learning rate of the updates. (default: 0.0005)", valueName: "x"))
  var dynamicRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Rate at which the weights decay back to the trained ones. (default: 0.001)", valueName: "x"))
  var dynamicDecay: Double?

  @Option(
    help: ArgumentHelp(
      "A text on which to tune the rate and the decay unless they are given; not the one to score.",
      valueName: "file"), completion: .file())
  var tune: String?

  /// The longest segment. Gradients flow back through all of it; anything larger is a typo.
  private static let mostTokens = 65_536

  var isGiven: Bool {
    dynamicSegment != nil || dynamicRate != nil || dynamicDecay != nil || tune != nil
  }

  /// The settings and the gradient statistics that belong to them.
  struct Adaptation {
    var settings: DynamicSettings
    var statistics: GradientStatistics
  }

  /// - Throws: the errors of reading the text.
  func tuningText() throws -> TextSource? { try tune.map { try TextSource.input($0) } }

  /// - Parameters:
  ///   - name: the model's name in reports of trials; nil if it is the only one.
  ///   - source: the text of `tuningText`.
  /// - Throws: `EvaluationError`, `UsageError`, or the errors of reading the text.
  func adaptation(
    of model: TextModel, named name: String?, tunedOn source: TextSource?,
    invalidUTF8: InvalidUTF8Policy,
    shared: SharedOptions, processor: Processor
  ) throws -> Adaptation {
    var settings = DynamicSettings()
    if let dynamicSegment {
      guard dynamicSegment <= Self.mostTokens else {
        throw UsageError.numberOutOfRange(
          option: "--dynamic-segment", value: dynamicSegment, range: 1...Self.mostTokens)
      }
      settings.segmentLength = dynamicSegment
    }
    if let dynamicRate { settings.learningRate = dynamicRate }
    if let dynamicDecay { settings.decay = dynamicDecay }
    try settings.validate()
    guard let source else {
      let statistics = GradientStatistics(
        sampledFrom: model.weights, segmentLength: settings.segmentLength, processor: processor)
      return Adaptation(settings: settings, statistics: statistics)
    }
    let statistics = try GradientStatistics(
      of: source, model: model, segmentLength: settings.segmentLength, invalidUTF8: invalidUTF8,
      processor: processor)
    var tuning = try DynamicTuning(
      model, on: source, statistics: statistics, invalidUTF8: invalidUTF8, processor: processor)
    settings = try tuning.search(
      from: settings, changesRate: dynamicRate == nil, changesDecay: dynamicDecay == nil
    ) { trial in
      shared.note(
        (name.map { "'\($0)', " } ?? "")
          + "rate \(trial.settings.learningRate.significant), decay "
          + "\(trial.settings.decay.significant): "
          + "\(trial.natsPerToken.fixed(4)) nats per token of '\(source.name)'")
    }
    return Adaptation(settings: settings, statistics: statistics)
  }
}
