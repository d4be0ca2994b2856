import ModelFiles
import RecurrentNetwork
import Tokenization

/// All of a training run between two steps: weights, moments, averages, carried state, the place in the text,
/// counters, the best weights and their score. A run that is given it goes on to the same bits as if it had
/// never stopped.
///
/// ```swift
/// let result = try run.run { event in
///   if case .checkpoint(let checkpoint) = event { try checkpoint.write(to: "run.checkpoint") }
/// }
/// // later, with the same texts
/// let checkpoint = try TrainingCheckpoint(path: "run.checkpoint")
/// let run = try TrainingRun(
///   tokens: tokens, tokenizer: checkpoint.tokenizer, network: checkpoint.network,
///   configuration: checkpoint.configuration, processor: processor)
/// let result = try run.run(resuming: checkpoint) { event in print(event) }
/// ```
///
/// Texts are not part of it: whoever writes it can note in `annotations` which they were.
public struct TrainingCheckpoint: Sendable {
  let record: RunRecord
  public let tokenizer: Tokenizer
  package let state: TrainerState
  /// The weights of the best validation so far.
  package let best: SharedParameters?
  /// Texts by names that the program chooses which writes the checkpoint.
  public var annotations: [String: String] = [:]

  init(
    record: RunRecord, tokenizer: Tokenizer, state: TrainerState, best: SharedParameters?
  ) {
    self.record = record
    self.tokenizer = tokenizer
    self.state = state
    self.best = best
  }

  public var network: NetworkConfiguration { record.network }

  /// The settings of the run.
  public var configuration: TrainingConfiguration { record.configuration }

  /// Steps before it.
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

  /// Characters trained on before it, those of every epoch counted.
  public var charactersSeen: Int { Int(record.consumed.characters.rounded()) }

  /// What the schedule's learning rate is multiplied with, after trouble with numbers that were not finite.
  public var learningRateScale: Double { record.counters.learningRateScale }

  /// Of the best weights so far.
  public var bestTraining: TrainingSummary? { record.best }

  /// Steps of the model that the run began with; nil where it began anew.
  public var earlierSteps: Int? { record.counters.earlierSteps }

  /// How the loss went until it.
  public var history: TrainingHistory { record.counters.history?.history ?? TrainingHistory() }
}

/// What of a run is neither a tensor nor a tokenizer.
struct RunRecord: Sendable, Codable {
  /// As it is carried out: batch and window are those after shrinking to a small text.
  var configuration: TrainingConfiguration
  var network: NetworkConfiguration
  var position: TrainerState.Position
  var consumed: RunProgress.Consumption
  var counters: RunCounters
  /// Of the best weights so far.
  var best: TrainingSummary?
  /// Tokens of the corpus, and of a validation text of its own.
  var tokenCount: Int
  var validationTokenCount: Int?

  /// The names in files.
  private enum CodingKeys: String, CodingKey {
    case configuration, network, position
    case consumed = "usedUp"
    case counters, best, tokenCount, validationTokenCount
  }
}

/// What a run counts and notes besides its steps.
struct RunCounters: Sendable, Codable, Equatable {
  /// Steps before the last validation.
  var validatedStepCount = 0
  /// Validations since the best one.
  var validationsSinceBest = 0
  /// Steps in a row that were skipped.
  var skipsInARow = 0
  /// Returns to the last good state since it was reached.
  var rollbackCount = 0
  /// What the schedule's learning rate is multiplied with.
  var learningRateScale = 1.0
  /// Steps before the last snapshot.
  var snapshotStepCount: Int?
  /// Steps of the model that the run began with.
  var earlierSteps: Int?
  /// How the loss went so far; nil where that is not known from the beginning.
  var history: HistoryRecorder? = HistoryRecorder()

  /// The names in files.
  private enum CodingKeys: String, CodingKey {
    case validatedStepCount, validationsSinceBest, skipsInARow
    case rollbackCount = "returnCount"
    case learningRateScale, snapshotStepCount, earlierSteps, history
  }
}
