import ModelFiles
import RecurrentNetwork
import Tokenization

/// The complete state of a training run between two steps: weights, moments, averages, carried
/// state, the position in the text, counters, and the best weights with their score.
///
/// A run that resumes from it gives the same bits as if it had never stopped.
///
/// ```swift
/// import Training
///
/// _ = try run.run { event in
///   if case .checkpoint(let checkpoint) = event { try checkpoint.write(to: "run.checkpoint") }
/// }
/// // later, with the same texts
/// let checkpoint = try TrainingCheckpoint(path: "run.checkpoint")
/// let resumed = try TrainingRun(
///   tokens: tokens, tokenizer: checkpoint.tokenizer, network: checkpoint.network,
///   configuration: checkpoint.configuration, processor: processor)
/// let result = try resumed.run(resuming: checkpoint) { event in print(event) }
/// ```
///
/// Texts are not part of it; the program that writes it can identify them in `annotations`.
public struct TrainingCheckpoint: Sendable {
  let record: RunRecord
  /// The tokenizer of the run.
  public let tokenizer: Tokenizer
  package let state: TrainerState
  /// The weights of the best validation so far.
  package let best: SharedParameters?
  /// Notes of the program that writes the checkpoint, by names of its choice.
  public var annotations: [String: String] = [:]

  init(
    record: RunRecord, tokenizer: Tokenizer, state: TrainerState, best: SharedParameters?
  ) {
    self.record = record
    self.tokenizer = tokenizer
    self.state = state
    self.best = best
  }

  /// The network that is trained.
  public var network: NetworkConfiguration { record.network }

  /// The settings of the run.
  public var configuration: TrainingConfiguration { record.configuration }

  /// The number of steps before it.
  public var stepCount: Int { state.position.stepCount }

  /// Seconds of the run before it.
  public var seconds: Double { record.consumed.seconds }

  /// Passes over the text before it.
  public var epochs: Double {
    let trainingCount = TokenSplit.trainingCount(
      tokenCount: record.tokenCount,
      validationFraction: record.validationTokenCount == nil ? configuration.validationFraction : 0)
    let laneLength = trainingCount / configuration.batchSize
    return Double(state.position.epochCount)
      + Double(state.position.lanePosition) / Double(max(1, laneLength))
  }

  /// Characters trained on before it, counted again in every epoch.
  public var charactersSeen: Int { Int(record.consumed.characters.rounded()) }

  /// The factor on the schedule's learning rate, below 1 after roll-backs.
  public var learningRateScale: Double { record.counters.learningRateScale }

  /// The training of the best weights so far.
  public var bestTraining: TrainingSummary? { record.best }

  /// What the run trains on; nil in older files.
  public var sources: TrainingSources? { record.sources }

  /// Whether a model with this record of training was written by this run.
  package func isOfRun(_ training: TrainingSummary) -> Bool {
    guard let sources else { return training == bestTraining }
    return training.sources?.run == sources.run
  }

  /// The steps of the model that the run started from; nil if it started from random weights.
  public var earlierSteps: Int? { record.counters.earlierSteps }

  /// The history of the loss before it.
  public var history: TrainingHistory { record.counters.history?.history ?? TrainingHistory() }
}

/// The part of a run's state that is neither a tensor nor a tokenizer.
struct RunRecord: Sendable, Codable {
  /// As used: with the batch size and window length fitted to a small text.
  var configuration: TrainingConfiguration
  var network: NetworkConfiguration
  var position: TrainerState.Position
  var consumed: RunProgress.Consumption
  var counters: RunCounters
  /// The training of the best weights so far.
  var best: TrainingSummary?
  /// The number of tokens of the corpus and of a separate validation text.
  var tokenCount: Int
  var validationTokenCount: Int?
  /// What the run trains on; nil in older files.
  var sources: TrainingSources?

  /// The names in files; some are older than the properties.
  private enum CodingKeys: String, CodingKey {
    case configuration, network, position
    case consumed = "usedUp"
    case counters, best, tokenCount, validationTokenCount, sources
  }
}

/// The counters of a run, other than its steps.
struct RunCounters: Sendable, Codable, Equatable {
  /// Steps before the last validation.
  var validatedStepCount = 0
  /// Validations since the best one.
  var validationsSinceBest = 0
  /// Consecutive skipped steps.
  var skipsInARow = 0
  /// Roll-backs to the last good state since it was reached.
  var rollbackCount = 0
  /// The factor on the schedule's learning rate.
  var learningRateScale = 1.0
  /// Steps before the last snapshot.
  var snapshotStepCount: Int?
  /// Steps of the model that the run started from.
  var earlierSteps: Int?
  /// The validation of the model that the run started from.
  var originNatsPerToken: Double?
  /// The training loss of the first step.
  var firstNatsPerToken: Double?
  /// The last validation.
  var lastNatsPerToken: Double?
  /// The history of the loss so far; nil if its beginning is unknown.
  var history: HistoryRecorder? = HistoryRecorder()

  /// The names in files; some are older than the properties.
  private enum CodingKeys: String, CodingKey {
    case validatedStepCount, validationsSinceBest, skipsInARow
    case rollbackCount = "returnCount"
    case learningRateScale, snapshotStepCount, earlierSteps, originNatsPerToken, firstNatsPerToken
    case lastNatsPerToken, history
  }
}
