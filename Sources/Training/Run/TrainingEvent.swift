import ModelFiles

/// What a training run tells while it goes on.
public enum TrainingEvent: Sendable {
  /// Before the first step.
  case started(TrainingPlan)
  /// After every step.
  case step(Trainer.Step, TrainingPace)
  /// After every validation.
  case validation(ValidationResult)
  /// These weights are better than all before; saved now, they are not lost with a run that is cut off.
  case improved(TextModel)
  /// The weights as they are now, to look at what they write: every so many steps, where `run` was asked to.
  case snapshot(TextModel)
  /// A step found numbers that are not finite, and its window was passed over.
  case skipped(SkippedStep)
  /// After too many of these: the run goes on from earlier weights.
  case rolledBack(Rollback)
  /// All that the run needs to be resumed later; to be written where a run that is cut off can be found.
  case checkpoint(TrainingCheckpoint)
}

/// A step that found numbers that are not finite.
public struct SkippedStep: Sendable, Equatable {
  /// Its number.
  public var step: Int
  /// What held them.
  public var tensor: String
}

/// A return to the last good state.
public struct Rollback: Sendable, Equatable {
  /// Steps before that state.
  public var step: Int
  /// What the schedule's learning rate is multiplied with from now on.
  public var learningRateScale: Double

  public init(step: Int, learningRateScale: Double) {
    self.step = step
    self.learningRateScale = learningRateScale
  }
}

/// What a run is about to do.
public struct TrainingPlan: Sendable {
  public var parameterCount: Int
  public var trainingTokens: Int
  /// 0 where there is no validation.
  public var validationTokens: Int
  /// Whether a validation was asked for, but the text is too short to spare a tail for it.
  public var lacksValidation: Bool
  /// Characters that a token of the corpus stands for on the average.
  public var charactersPerToken: Double
  /// B and T as they will be.
  public var batchShape: BatchShape
  /// B and T that were asked for, where the text is too small for them.
  public var requestedBatchShape: BatchShape?
}

/// The score of the whole validation text.
public struct ValidationResult: Sendable, Equatable {
  /// Steps before it.
  public var step: Int
  public var natsPerToken: Double
  public var bitsPerCharacter: Double
  /// Whether it is the best so far.
  public var isBest: Bool
}
