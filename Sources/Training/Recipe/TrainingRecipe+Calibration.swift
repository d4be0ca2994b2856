import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

extension TrainingRecipe {
  /// Chooses by the measured speed of this machine. Measuring takes about two seconds, or less if
  /// the time is short: large networks are then not tried.
  /// - Parameters:
  ///   - tokens: the corpus, as for `TrainingRun`.
  ///   - name: the corpus's name in messages.
  ///   - validationTokens: a separate text to validate with, instead of a part of the corpus.
  ///   - settings: the part of the corpus to validate with.
  ///   - engines: decides where the run will compute.
  ///   - seconds: the time left for calibration, training and validations.
  /// - Throws: `TrainingError.textTooShort`, `.tooFewLanes` or `.notFinite`, `NetworkError`.
  public static func calibrated(
    tokens: TokenFile, name: String = "The text", validationTokens: TokenFile? = nil,
    vocabularySize: Int, settings: TrainingConfiguration, seconds: Double, given: RecipeConstraints,
    engines: EngineFactory = EngineFactory(), processor: Processor
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
    let configuration = configuration(for: task)
    try BatchShape(
      batchSize: configuration.batchSize, windowLength: configuration.windowLength
    ).check(shards: configuration.shards, of: name)
    let calibration = TrainingCalibration(
      tokens: tokens, positions: split.training, configuration: configuration,
      engines: engines, processor: processor
    ) { [task] in network(for: task, hiddenSize: $0) }
    let speed = try calibration.measure(
      hiddenSizes: given.hiddenSize.map { [$0] } ?? measuredSizes,
      seconds: min(calibrationSeconds, calibrationShare * seconds),
      limit: mostCalibrationShare * seconds)
    task.seconds = max(0, seconds - start.duration(to: clock.now).seconds)
    return TrainingRecipe(for: task, speed: speed)
  }

  private static let calibrationSeconds = 2.0
  private static let calibrationShare = 0.03
  /// The share of the time after which no further size is measured.
  private static let mostCalibrationShare = 0.1
}
