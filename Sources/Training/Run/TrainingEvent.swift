import ModelFiles
import RecurrentNetwork

/// Events that a training run emits.
public enum TrainingEvent: Sendable {
  /// Before the first step.
  case started(TrainingPlan)
  /// After every step.
  case step(Trainer.Step, TrainingPace)
  /// After every validation.
  case validation(ValidationResult)
  /// These weights are better than all before. Save them now, so that they survive an interruption.
  case improved(TextModel)
  /// The current weights, at the interval that `run` was given; for samples.
  case snapshot(TextModel)
  /// A step found infinities or NaNs and skipped its window.
  case skipped(SkippedStep)
  /// The run continues from earlier weights after too many skipped steps.
  case rolledBack(Rollback)
  /// The complete state of the run. Write it to a file from which an interrupted run can be
  /// resumed.
  case checkpoint(TrainingCheckpoint)
}

/// A step that found infinities or NaNs.
public struct SkippedStep: Sendable, Equatable {
  /// The number of the step.
  public var step: Int
  /// The tensor or value that held them.
  public var tensor: String
}

/// A return to the last good state.
public struct Rollback: Sendable, Equatable {
  /// Steps before that state.
  public var step: Int
  /// The factor on the schedule's learning rate from this point.
  public var learningRateScale: Double

  /// Creates a return to a state.
  public init(step: Int, learningRateScale: Double) {
    self.step = step
    self.learningRateScale = learningRateScale
  }
}

/// The plan of a run that is about to start.
public struct TrainingPlan: Sendable {
  /// The network that is trained.
  public var network: NetworkConfiguration
  /// As used: with the batch size and window length fitted to a small text.
  public var configuration: TrainingConfiguration
  /// The number of its parameters.
  public var parameterCount: Int
  /// The tokens that an epoch trains on.
  public var trainingTokens: Int
  /// 0 if there is no validation.
  public var validationTokens: Int
  /// Whether a validation was asked for, but the text is too short to spare tokens for it.
  public var lacksValidation: Bool
  /// The mean number of characters per token of the corpus.
  public var charactersPerToken: Double
  /// B and T as used.
  public var batchShape: BatchShape
  /// B and T as requested, if the text is too small for them.
  public var requestedBatchShape: BatchShape?
}

/// The score of the complete validation text.
public struct ValidationResult: Sendable, Equatable {
  /// Steps before it.
  public var step: Int
  /// The mean of -log p over its tokens.
  public var natsPerToken: Double
  /// The same per character, in bits.
  public var bitsPerCharacter: Double
  /// Whether it is the best so far.
  public var isBest: Bool
  /// The time since the run began, up to the end of the validation.
  public var seconds: Double
}
