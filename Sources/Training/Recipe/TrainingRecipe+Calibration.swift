import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

extension TrainingRecipe {
  /// Chooses after a look at this machine's speed, which takes about two seconds, less where the time is short.
  /// - Parameters:
  ///   - tokens: the corpus, as for `TrainingRun`.
  ///   - name: what messages call the corpus.
  ///   - validationTokens: a text of its own to validate with, in place of a part of the corpus.
  ///   - settings: which part that is.
  ///   - seconds: left for calibration, training and validations.
  /// - Throws: `TrainingError.textTooShort` or `.notFinite`, `NetworkError`.
  public static func calibrated(
    tokens: TokenFile, name: String = "The text", validationTokens: TokenFile? = nil,
    vocabularySize: Int, settings: TrainingConfiguration, seconds: Double, given: RecipeConstraints,
    processor: Processor
  ) throws -> TrainingRecipe {
    let clock = ContinuousClock()
    let start = clock.now
    let split = try TokenSplit(
      tokens, name: name,
      validationFraction: validationTokens == nil ? settings.validationFraction : 0,
      validationSplit: settings.validationSplit)
    var task = Task(
      trainingTokens: split.training.count,
      validationTokens: validationTokens.map { max(0, $0.count - 1) } ?? split.validation.count,
      vocabularySize: vocabularySize, seconds: seconds, given: given)
    try network(for: task, hiddenSize: given.hiddenSize ?? sizes[0]).validate()
    let calibration = TrainingCalibration(
      tokens: tokens, places: split.training, configuration: configuration(for: task),
      processor: processor
    ) { [task] in network(for: task, hiddenSize: $0) }
    let speed = try calibration.measure(
      hiddenSizes: given.hiddenSize.map { [$0] } ?? measuredSizes,
      seconds: min(calibrationSeconds, calibrationShare * seconds))
    task.seconds = max(0, seconds - start.duration(to: clock.now).seconds)
    return TrainingRecipe(for: task, speed: speed)
  }

  private static let calibrationSeconds = 2.0
  private static let calibrationShare = 0.03
}
