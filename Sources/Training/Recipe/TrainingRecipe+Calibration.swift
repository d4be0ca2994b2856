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
  ///   - vocabularySize: V of the network.
  ///   - settings: the part of the corpus to validate with.
  ///   - seconds: the time left for calibration, training and validations.
  ///   - given: the settings that are fixed beforehand.
  ///   - backend: where the run will compute.
  ///   - processor: the instruction set and the threads to compute with.
  /// - Throws: `TrainingError.textTooShort`, `.tooFewLanes` or `.notFinite`, `NetworkError`.
  public static func calibrated(
    tokens: TokenFile, name: String = "The text", validationTokens: TokenFile? = nil,
    vocabularySize: Int, settings: TrainingConfiguration, seconds: Double, given: RecipeConstraints,
    backend: ComputeBackend = ComputeBackend(), processor: Processor
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
    func calibration(_ task: Task) -> TrainingCalibration {
      TrainingCalibration(
        tokens: tokens, positions: split.training, configuration: configuration(for: task),
        backend: backend, processor: processor
      ) { network(for: task, hiddenSize: $0) }
    }
    if given.shards > 1, given.batchSize == nil, !given.startsFromModel {
      task.given.batchSize = try batchSize(for: task, calibration)
    }
    let chosen = configuration(for: task)
    try BatchShape(batchSize: chosen.batchSize, windowLength: chosen.windowLength)
      .check(shards: chosen.shards, of: name)
    let speed = try calibration(task).measure(
      hiddenSizes: given.hiddenSize.map { [$0] } ?? measuredSizes,
      seconds: min(calibrationSeconds, calibrationShare * seconds),
      limit: mostCalibrationShare * seconds)
    task.seconds = max(0, seconds - start.duration(to: clock.now).seconds)
    return TrainingRecipe(for: task, speed: speed)
  }

  /// The lanes with which several processes learn most in a given time: fewer lanes for each process
  /// take longer, and more lanes learn less from each token.
  /// - Throws: `TrainingError.notFinite`.
  private static func batchSize(
    for task: Task, _ calibration: (Task) -> TrainingCalibration
  ) throws -> Int {
    let hiddenSize = task.given.hiddenSize ?? measuredSizes[1]
    let usual = TrainingConfiguration().batchSize
    var best = (batchSize: usual, progress: 0.0)
    for factor in sequence(first: 1, next: { $0 * 2 }).prefix(while: { $0 <= task.given.shards }) {
      var trial = task
      trial.given.batchSize = max(usual * factor, task.given.shards)
      guard configuration(for: trial).batchSize == trial.given.batchSize else { break }
      let seconds = min(trialSeconds, trialShare * task.seconds)
      let speed = try calibration(trial).measure(
        hiddenSizes: [hiddenSize], seconds: seconds, limit: seconds)
      let progress =
        learnedShare(batchSize: trial.given.batchSize ?? usual)
        / speed.trainingSecondsPerToken(hiddenSize: hiddenSize)
      if progress > best.progress { best = (trial.given.batchSize ?? usual, progress) }
    }
    return best.batchSize
  }

  /// For each number of lanes.
  private static let trialSeconds = 0.5
  private static let trialShare = 0.01
  private static let calibrationSeconds = 2.0
  private static let calibrationShare = 0.03
  /// The share of the time after which no further size is measured.
  private static let mostCalibrationShare = 0.1
}
